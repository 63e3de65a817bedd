import { connect } from '@bunting/node';

/** A fresh process: from `connect` to the first answer of an SDK that has nothing yet. Its modules are loaded before. */
const [url = '', sdkKey = '', flagKey = ''] = process.argv.slice(2);

const startedMs = performance.now();
const flags = connect({ url, sdkKey });
const { state } = await flags.ready({ timeoutMs: 60_000 });
flags.isEnabled(flagKey, { targetingKey: 'someone' });
const readyMs = performance.now() - startedMs;

if (state !== 'live') throw new Error(`the SDK is ${state}`);
process.send?.(readyMs);
await flags.close();
process.disconnect();
