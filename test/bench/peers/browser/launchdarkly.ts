export { createClient } from '@launchdarkly/js-client-sdk';
