import type { Ending } from './path-cell.ts';

/** How a call that nobody depends on ended. */
export type Raced<T> = { readonly durationMs: number } & (
  | { readonly ending: 'done'; readonly value: T }
  | { readonly ending: 'failed'; readonly cause: unknown }
  | { readonly ending: 'late' }
);

const DEADLINE_MS = 1000;

/**
 * Calls it now, and waits for it until the deadline at most. Never throws or rejects.
 * @param onSettled called when it is really over, which may be never
 */
export function race<T>(
  call: () => T | PromiseLike<T>,
  deadlineMs: number,
  onSettled: () => void = () => {},
): Promise<Raced<T>> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const end = (ended: { ending: 'done'; value: T } | { ending: Exclude<Ending, 'done'>; cause: unknown }) =>
      resolve({ ...ended, durationMs: performance.now() - startedMs });
    const timer = setTimeout(() => end({ ending: 'late', cause: undefined }), deadlineMs);
    const settle = () => {
      clearTimeout(timer);
      onSettled();
    };
    // An async function turns what `call` throws into a rejection, and takes any thenable for a promise.
    (async () => call())().then(
      (value) => {
        settle();
        end({ ending: 'done', value });
      },
      (cause: unknown) => {
        settle();
        end({ ending: 'failed', cause });
      },
    );
  });
}

/** The caller's deadline, or the default where it is none. */
export function readDeadline(deadlineMs: unknown): number {
  const isUsable = typeof deadlineMs === 'number' && deadlineMs >= 0;
  return isUsable ? Math.min(deadlineMs, 2 ** 31 - 1) : DEADLINE_MS;
}
