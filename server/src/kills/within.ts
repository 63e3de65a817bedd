import { setTimeout } from 'node:timers/promises';

/** What a promise that never rejects resolves to, or undefined when it takes longer than so many milliseconds. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const patience = new AbortController();
  const late = setTimeout(ms, undefined, { signal: patience.signal, ref: false }).catch(() => undefined);
  const first = await Promise.race([promise, late]);
  patience.abort();
  return first;
}
