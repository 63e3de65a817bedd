import { setTimeout as sleep } from 'node:timers/promises';

export interface PaceOptions {
  /** Runs one visit; a rejection means that the shop is in trouble. */
  readonly visit: () => Promise<unknown>;
  readonly visitsPerSecond: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

const maxRunning = 40;
const firstBackoffMs = 500;
const maxBackoffMs = 15_000;

/**
 * Starts visits at a steady rate until aborted, a bounded number at a time. While the shop is in trouble it tries
 * single visits with growing, jittered pauses, and says so once. Resolves when the last visit has ended.
 */
export async function keepVisiting({ visit, visitsPerSecond, signal, log }: PaceOptions): Promise<void> {
  const running = new Set<Promise<void>>();
  let failures = 0;

  const start = () => {
    const isProbe = failures > 0;
    const run = visit().then(
      () => {
        if (isProbe) log('the shop answers again');
        if (isProbe) failures = 0;
      },
      (error: unknown) => {
        if (signal.aborted) return;
        if (failures === 0) log(`the shop is in trouble (${describe(error)}); trying again with growing pauses`);
        // Visits that were under way when trouble began count once: only a probe makes the pause grow.
        failures = isProbe ? failures + 1 : Math.max(failures, 1);
      },
    );
    const tracked = run.finally(() => running.delete(tracked));
    running.add(tracked);
    return tracked;
  };

  while (!signal.aborted) {
    const backoffMs = Math.min(firstBackoffMs * 2 ** (failures - 1), maxBackoffMs);
    const pauseMs = failures > 0 ? backoffMs : 1000 / visitsPerSecond;
    await sleep(pauseMs * (0.7 + 0.6 * Math.random()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    if (failures > 0) await start();
    else if (running.size < maxRunning) start();
  }
  await Promise.all(running);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
