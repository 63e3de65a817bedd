import { loadAdapter } from '../adapter.ts';
import { makeSubjects } from '../data-set.ts';

/**
 * A fresh process: from a file on disk to the first answer, once. The SDK's modules are loaded before the clock starts:
 * an application loads them anyway, and they are not what grows with the flags.
 */
export interface ReadyReply {
  readonly readyMs: number;
  /** The share of subjects that the asked flag is on for; says that the answer was a real one. */
  readonly share: number;
}

const [file = '', dataFile = '', flagKey = ''] = process.argv.slice(2);
const adapter = await loadAdapter(file);
const contexts = makeSubjects()
  .slice(0, 1_000)
  .map((subject) => adapter.contextOf(subject));

const startedMs = performance.now();
const sdk = await adapter.start(dataFile);
await sdk.isEnabled(flagKey, contexts[0]);
const readyMs = performance.now() - startedMs;

let trues = 0;
for (const context of contexts) if (await sdk.isEnabled(flagKey, context)) trues++;
process.send?.({ readyMs, share: trues / contexts.length } satisfies ReadyReply);
await sdk.stop();
process.disconnect();
process.exit();
