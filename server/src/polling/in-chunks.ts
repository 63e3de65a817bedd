import { setImmediate } from 'node:timers/promises';

/** How many sockets are written before others get their turn: a few milliseconds of work. */
const CHUNK = 250;

/** Does `work` for each of many, and lets the event loop breathe in between. What joins meanwhile is left out. */
export async function inChunks<T>(all: Iterable<T>, work: (one: T) => void): Promise<void> {
  let done = 0;
  for (const one of [...all]) {
    work(one);
    if (++done % CHUNK === 0) await setImmediate();
  }
}
