import { begin } from './begin.ts';
import type { Deadlines } from './deadlines.ts';

/** How a call that nobody depends on ended. */
export type Raced<T> = { readonly durationMs: number } & (
  | { readonly ending: 'done'; readonly value: T }
  | { readonly ending: 'failed'; readonly cause: unknown }
  | { readonly ending: 'late' }
);

const DEADLINE_MS = 1000;

export interface RaceOptions {
  readonly deadlines: Deadlines;
  readonly deadlineMs: number;
  /** True: the process stays until it is over. For what a caller waits for. */
  readonly holdsProcess: boolean;
  /** Called when the call is really over, which may be never. */
  readonly onSettled?: () => void;
}

/** Calls it now, and waits for it until the deadline at most. Never throws or rejects. */
export function race<T>(
  call: () => T | PromiseLike<T>,
  { deadlines, deadlineMs, holdsProcess, onSettled }: RaceOptions,
): Promise<Raced<T>> {
  const startedMs = performance.now();
  const tookMs = () => performance.now() - startedMs;
  return new Promise((resolve) => {
    const end = deadlines.begin(deadlineMs, startedMs, holdsProcess, () =>
      resolve({ ending: 'late', durationMs: tookMs() }),
    );
    const settle = (raced: Raced<T>) => {
      end();
      onSettled?.();
      resolve(raced);
    };
    begin(call).then(
      (value) => settle({ ending: 'done', value, durationMs: tookMs() }),
      (cause: unknown) => settle({ ending: 'failed', cause, durationMs: tookMs() }),
    );
  });
}

/** The caller's deadline, or the default where it is none. */
export function readDeadline(deadlineMs: unknown): number {
  const isUsable = typeof deadlineMs === 'number' && deadlineMs >= 0;
  return isUsable ? Math.min(deadlineMs, 2 ** 31 - 1) : DEADLINE_MS;
}
