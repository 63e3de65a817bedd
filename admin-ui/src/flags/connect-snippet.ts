/** What a service does to use its flags: from installing the SDK to the first decision. `sdkKey` as TypeScript source. */
export function connectSnippet(url: string, sdkKey = 'process.env.BUNTING_SDK_KEY'): string {
  return `// npm install @bunting/node
import { connect } from '@bunting/node';

const flags = connect({
  url: '${url}',
  sdkKey: ${sdkKey},
});
await flags.ready();

if (flags.isEnabled('new-checkout', { targetingKey: user.id })) {
  // the new way
}`;
}
