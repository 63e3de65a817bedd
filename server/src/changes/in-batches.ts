import { setImmediate } from 'node:timers/promises';

/** Small enough that one takes a few milliseconds, large enough that the rest between them costs nothing. */
const BATCH = 100;

/** Cuts much work into pieces, between which the event loop goes on. */
export async function* inBatches<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < all.length; at += BATCH) {
    if (at > 0) await setImmediate();
    yield all.slice(at, at + BATCH);
  }
}
