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
  applyTimeoutMs = 5_000;
  /** Changes that were begun, and how many of them at once at most. */
  begun = 0;
  mostAtOnce = 0;
  #atOnce = 0;
  #gate: Promise<void> = Promise.resolve();

  async read(): Promise<TrafficObserved> {
    this.#refuseAway();
    return this.observed;
  }

  async apply(desired: TrafficDesired, fence: number, signal?: AbortSignal): Promise<void> {
    this.#refuseAway();
    this.begun += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    try {
      await Promise.race([this.#gate, ...(signal === undefined ? [] : [whenAborted(signal)])]);
    } finally {
      this.#atOnce -= 1;
    }
    refuseStale(fence, this.observed.fence);
    this.taken.push({ ...desired, fence });
    const { candidatePer100k, shadowPer100k = 0 } = desired;
    this.observed = { ...this.observed, candidatePer100k, shadowPer100k, fence };
  }

  /** Changes take until they are let go. @returns what lets them go */
  hold(): () => void {
    let resolve = () => {};
    this.#gate = new Promise((done) => {
      resolve = done;
    });
    return () => {
      this.#gate = Promise.resolve();
      resolve();
    };
  }

  async close(): Promise<void> {}

  #refuseAway(): void {
    if (this.isAway) throw new TrafficError('unreachable', 'The target is away: start it.');
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
