export { default } from 'posthog-js-lite';
