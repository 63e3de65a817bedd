import { describeUnits } from '../evidence/placebo-units.ts';
import type { Step } from './step.ts';

/** Between what shares of bad ones groups of the baseline's slices lie that are as large as the candidate. */
export function placeboOf({ candidate, baseline, baselineSlices }: Step): { low: number; high: number } | undefined {
  if (baseline === undefined || baselineSlices === undefined) return undefined;
  const width = describeUnits(candidate[0], baseline[0])?.baselineWidth;
  if (width === undefined) return undefined;
  const units = new Map<number, [count: number, bad: number]>();
  for (let at = 0; at < baselineSlices.length; at += 3) {
    const [slice = 0, count = 0, bad = 0] = baselineSlices.slice(at, at + 3);
    const unit = Math.floor(slice / width);
    const [counted, badOnes] = units.get(unit) ?? [0, 0];
    units.set(unit, [counted + count, badOnes + bad]);
  }
  const shares = [...units.values()].flatMap(([count, bad]) => (count > 0 ? [bad / count] : []));
  return shares.length === 0 ? undefined : { low: Math.min(...shares), high: Math.max(...shares) };
}
