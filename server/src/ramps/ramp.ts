import { rampsOf, weightsOf } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Targeting } from '../flags/flag.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { RampSchema } from './schemas.ts';

/** A ramp as the API shows it. */
export type Ramp = Static<typeof RampSchema>;

export function toRamps(flag: string, targeting: Targeting, nowMs: number): Ramp[] {
  return rampsOf(targeting, nowMs).map(({ rule, ranges, nextMs, grows, held }) => ({
    flag,
    rule: rule ?? null,
    ruleName: targeting.rules.find(({ id }) => id === rule)?.name ?? null,
    weights: weightsOf(ranges).filter(({ weightPer100k }) => weightPer100k > 0),
    nextAt: nextMs === undefined ? null : toTimestamp(nextMs),
    grows,
    held:
      held === undefined
        ? null
        : {
            since: toTimestamp(held.atMs),
            causes: (held.causes ?? []).map(({ atMs, ...cause }) => ({ ...cause, at: toTimestamp(atMs) })),
          },
  }));
}
