import type { Instance } from './instance.ts';
import { type Timing, timingOf } from './percentile.ts';
import type { Roll } from './roll.ts';

/** How far a revision has come. Instances that are connected have it (confirmed) or not (pending). */
export interface Summary extends Timing {
  readonly instances: number;
  readonly confirmed: number;
  readonly pending: number;
  /** Instances that were lost without a goodbye a short while ago. They may still be running. */
  readonly unknown: number;
  /** Confirmed instances that could not understand some flags. */
  readonly broken: number;
}

/** @param number of the revision to ask about; without it, of the current one */
export function summarise(roll: Roll, number = roll.current.number): Summary {
  let instances = 0;
  let confirmed = 0;
  let broken = 0;
  for (const instance of roll.connected()) {
    instances += 1;
    if (roll.stateOf(instance, number) !== 'confirmed') continue;
    confirmed += 1;
    if (instance.brokenFlags > 0) broken += 1;
  }
  const unknown = countOf(roll.lost());
  const timing = timingOf(roll.round(number)?.samples.ascending() ?? []);
  return { instances, confirmed, pending: instances - confirmed, unknown, broken, ...timing };
}

function countOf(instances: Iterable<Instance>): number {
  let count = 0;
  for (const _ of instances) count += 1;
  return count;
}
