import {
  refuseStale,
  type TrafficDesired,
  TrafficError,
  type TrafficObserved,
  type TrafficTarget,
} from '../traffic/traffic-target.ts';

/** A traffic target in memory, which outlives whoever opens it. */
export class MemoryTarget implements TrafficTarget {
  readonly capabilities = {
    ...{ atomic: true, sticky: true, lease: false, drain: true, shadow: true, fenced: true },
    granularityPer100k: 1,
  };
  /** What is in force. */
  observed: TrafficObserved = { candidatePer100k: 0, up: { candidate: 1, baseline: 1 } };
  /** Every wish that it took, in order. */
  readonly taken: (TrafficDesired & { readonly fence: number })[] = [];
  isAway = false;

  async read(): Promise<TrafficObserved> {
    this.#refuseAway();
    return this.observed;
  }

  async apply(desired: TrafficDesired, fence: number): Promise<void> {
    this.#refuseAway();
    refuseStale(fence, this.observed.fence);
    this.taken.push({ ...desired, fence });
    const { candidatePer100k, shadowPer100k = 0 } = desired;
    this.observed = { ...this.observed, candidatePer100k, shadowPer100k, fence };
  }

  async close(): Promise<void> {}

  #refuseAway(): void {
    if (this.isAway) throw new TrafficError('unreachable', 'The target is away: start it.');
  }
}
