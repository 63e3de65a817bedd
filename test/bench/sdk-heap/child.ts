import { setImmediate } from 'node:timers/promises';
import { connect } from '@bunting/node';
import { makeSubjects } from '../data-set.ts';

/** What the SDK adds to the heap of a process that has loaded its modules; MB. */
export interface HeapReply {
  /** Live, nothing asked. */
  readonly liveMB: number;
  /** After each flag was asked once. */
  readonly askedMB: number;
}

/** A fresh process with one SDK. Runs with `--expose-gc`. */
const [url = '', flagCount = ''] = process.argv.slice(2);
const [subject] = makeSubjects();
const context = { ...subject, targetingKey: subject?.id ?? '' };
const emptyMB = await heapMB();

const flags = connect({ url, sdkKey: 'bnt_srv_bench' });
const { state } = await flags.ready({ timeoutMs: 60_000 });
if (state !== 'live') throw new Error(`the SDK is ${state}, not live`);
const liveMB = (await heapMB()) - emptyMB;

for (let i = 0; i < Number(flagCount); i++) {
  const { errorCode } = flags.getBooleanDetails(`rules-${i}`, false, context);
  if (errorCode !== undefined) throw new Error(`rules-${i} answered ${errorCode}`);
}
const askedMB = (await heapMB()) - emptyMB;
process.send?.({ liveMB, askedMB } satisfies HeapReply);
await flags.close();
process.disconnect();

/** With what stands outside of it, such as buffers. What sockets and timers still hold is let go first. */
async function heapMB(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    await setImmediate();
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}
