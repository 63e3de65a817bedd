import type { Started } from '../adapter.ts';
import { median } from '../statistics.ts';

/** One workload on one SDK: what is called, and the contexts it is called with in turn. */
export interface Cell<Context> {
  readonly sdk: Started<Context>;
  readonly flagKey: string;
  readonly contexts: readonly Context[];
}

/** Calls in turn for about this long; nanoseconds for each call. */
export async function time<Context>(cell: Cell<Context>, durationMs: number): Promise<number> {
  const lap = lapOf(cell);
  // The clock is read once a batch of about a millisecond: reading it for each call would cost more than the call.
  let batch = 1;
  for (let batchMs = 0; batchMs < 0.5 && batch < 1e6; batch *= 2) {
    const started = performance.now();
    await lap(batch);
    batchMs = performance.now() - started;
  }
  let calls = 0;
  let trues = 0;
  let elapsedMs = 0;
  const started = performance.now();
  while (elapsedMs < durationMs) {
    trues += await lap(batch);
    calls += batch;
    elapsedMs = performance.now() - started;
  }
  // Never so; but the answers are used, and no call can be optimised away.
  if (trues > calls) throw new Error('there were more answers than calls');
  return (elapsedMs * 1e6) / calls;
}

/** A young generation so large that no collection falls into a block of `allocated`. */
export const bytesFlags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
const blockBytes = 24 * 1024 * 1024;

/** Bytes of JavaScript heap for each call, the median of seven blocks, in a process started with `bytesFlags`. */
export async function allocated<Context>(cell: Cell<Context>): Promise<number> {
  const collect = globalThis.gc;
  if (!collect) throw new Error('bytes are counted in a process started with --expose-gc');
  await time(cell, 200);
  const lap = lapOf(cell);
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
  return Math.max(0, (median(full) - median(empty)) / calls);
}

/**
 * A function that calls so many times, going on where it stopped, and says how many answers were `true`. An SDK that
 * answers with promises is awaited call by call.
 */
function lapOf<Context>({ sdk, flagKey, contexts }: Cell<Context>): (calls: number) => number | Promise<number> {
  let at = 0;
  if (sdk.isEnabled(flagKey, contexts[0] as Context) instanceof Promise) {
    return async (calls) => {
      let trues = 0;
      for (let i = 0; i < calls; i++) {
        if (await sdk.isEnabled(flagKey, contexts[at] as Context)) trues++;
        if (++at === contexts.length) at = 0;
      }
      return trues;
    };
  }
  return (calls) => {
    let trues = 0;
    for (let i = 0; i < calls; i++) {
      if (sdk.isEnabled(flagKey, contexts[at] as Context)) trues++;
      if (++at === contexts.length) at = 0;
    }
    return trues;
  };
}
