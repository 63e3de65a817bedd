import type { Started } from '../adapter.ts';

/** One workload on one SDK: what is called, and the contexts it is called with in turn. */
export interface Cell<Context> {
  readonly sdk: Started<Context>;
  readonly flagKey: string;
  readonly contexts: readonly Context[];
}

/** Answers of `true` are counted and given back, so that no call can be optimised away. */
interface Lap {
  readonly calls: number;
  readonly trues: number;
}

/** Calls in turn for about this long; nanoseconds for each call. */
export async function time<Context>(cell: Cell<Context>, durationMs: number): Promise<number> {
  // The clock is read once a batch, of about half a millisecond: reading it for each call would cost more than the call.
  let batch = 1;
  const lap = await lapOf(cell);
  while (true) {
    const started = performance.now();
    await lap(batch);
    if (performance.now() - started > 0.5 || batch > 1e6) break;
    batch *= 2;
  }
  let calls = 0;
  const started = performance.now();
  let elapsedMs = 0;
  while (elapsedMs < durationMs) {
    calls += (await lap(batch)).calls;
    elapsedMs = performance.now() - started;
  }
  return (elapsedMs * 1e6) / calls;
}

/**
 * Bytes of JavaScript heap for each call, the median of seven blocks. Needs `--expose-gc` and a young generation so
 * large (see `bytesFlags`) that no collection falls into a block.
 */
export async function allocated<Context>(cell: Cell<Context>): Promise<number> {
  await time(cell, 200);
  const lap = await lapOf(cell);
  const collect = globalThis.gc;
  if (!collect) throw new Error('bytes are counted in a process started with --expose-gc');
  const block = async (calls: number) => {
    collect();
    const before = process.memoryUsage().heapUsed;
    await lap(calls);
    return process.memoryUsage().heapUsed - before;
  };
  const perCall = Math.max(1, (await block(50)) / 50);
  const calls = Math.max(20, Math.min(20_000, Math.floor(blockBytes / perCall)));
  const full: number[] = [];
  const empty: number[] = [];
  for (let i = 0; i < 7; i++) {
    full.push(await block(calls));
    empty.push(await block(0));
  }
  full.sort((a, b) => a - b);
  empty.sort((a, b) => a - b);
  return Math.max(0, ((full[3] ?? 0) - (empty[3] ?? 0)) / calls);
}

const blockBytes = 24 * 1024 * 1024;
export const bytesFlags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];

/** A function that calls `calls` times, going on where it stopped. An SDK that answers with promises is awaited. */
async function lapOf<Context>({
  sdk,
  flagKey,
  contexts,
}: Cell<Context>): Promise<(calls: number) => Lap | Promise<Lap>> {
  let at = 0;
  const first = contexts[0];
  if (first === undefined && contexts.length === 0) throw new Error('there are no contexts to ask with');
  if (sdk.isEnabled(flagKey, first as Context) instanceof Promise) {
    return async (calls) => {
      let trues = 0;
      for (let i = 0; i < calls; i++) {
        if (await sdk.isEnabled(flagKey, contexts[at] as Context)) trues++;
        if (++at === contexts.length) at = 0;
      }
      return { calls, trues };
    };
  }
  return (calls) => {
    let trues = 0;
    for (let i = 0; i < calls; i++) {
      if (sdk.isEnabled(flagKey, contexts[at] as Context)) trues++;
      if (++at === contexts.length) at = 0;
    }
    return { calls, trues };
  };
}
