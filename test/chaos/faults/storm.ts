import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';
import type { Fault } from './menu.ts';

export interface StormPlan {
  readonly forMs: number;
  /** From the begin of a fault to that of the next one, on average. */
  readonly everyMs: number;
  /** Faults at once, at most. */
  readonly atOnce: number;
  /** A fault goes on for so much of the longest that it may, at most; 0 to 1. */
  readonly length: number;
}

/** Faults at random, several at a time. Resolves when all of them are over. @returns how many there were */
export async function storm(
  menu: readonly Fault[],
  { forMs, everyMs, atOnce, length }: StormPlan,
  ledger: Ledger,
  random: () => number,
): Promise<number> {
  const underWay = new Map<string, Promise<void>>();
  const untilMs = performance.now() + forMs;
  let count = 0;
  while (performance.now() < untilMs) {
    const free = menu.filter(({ to }) => !underWay.has(to));
    const fault = free[Math.floor(random() * free.length)];
    const heldMs = (0.1 + 0.9 * random()) * length * (fault?.longestMs ?? 0);
    if (fault !== undefined && underWay.size < atOnce) {
      count++;
      const over = happen(fault, heldMs, ledger).finally(() => underWay.delete(fault.to));
      underWay.set(fault.to, over);
    }
    await sleep(everyMs * (0.5 + random()));
  }
  await Promise.all(underWay.values());
  return count;
}

async function happen({ what, begin, end }: Fault, heldMs: number, ledger: Ledger): Promise<void> {
  ledger.say(`${what}, for ${(heldMs / 1_000).toFixed(1)} s`);
  try {
    await begin();
    await sleep(heldMs);
    await end();
    ledger.say(`over: ${what}`);
  } catch (error) {
    ledger.blame(`${what} could not be done or undone: ${error instanceof Error ? error.message : error}`);
  }
}
