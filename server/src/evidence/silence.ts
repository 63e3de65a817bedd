import type { Silence } from './verdict.ts';
import type { Arms } from './window.ts';

/** Why two arms cannot be compared; undefined when they can. */
export function silenceOf({ candidate, baseline }: Arms): Silence | undefined {
  if (candidate.count === 0) return 'no_traffic';
  return baseline === undefined || baseline.count === 0 ? 'no_baseline' : undefined;
}
