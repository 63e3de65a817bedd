import { advance, newTest } from '@bunting/server';
import { seeded } from '../chaos/seeded.ts';
import type { Harmful, Scenario } from './scenarios.ts';

/** Seconds until each run failed, ascending; those that did not are missing. */
export function simulate(scenario: Scenario, runs: number, seed: number): number[] {
  const failed: number[] = [];
  for (let run = 0; run < runs; run++) {
    const second = watch(scenario, seed + 7_919 * run);
    if (second !== undefined) failed.push(second);
  }
  return failed.toSorted((a, b) => a - b);
}

/** What half of the runs took at most, in the unit of the scenario's goal; Infinity when more than half saw nothing. */
export function medianOf({ from, subjectsPerSecond = 1 }: Harmful, failed: readonly number[], runs: number): number {
  const second = failed[Math.ceil(runs / 2) - 1] ?? Number.POSITIVE_INFINITY;
  return (second - from) * subjectsPerSecond;
}

function watch({ spec, windows, seconds }: Scenario, seed: number): number | undefined {
  let state = newTest(spec);
  for (const window of windows(seeded(seed))) {
    if (window.endMs > seconds * 1_000) break;
    state = advance(spec, state, window);
    if (state.failedAtMs !== undefined) return state.failedAtMs / 1_000;
  }
  return undefined;
}
