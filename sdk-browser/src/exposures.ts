import type { EvaluatedValue, Reason } from './protocol.ts';

interface Exposure {
  readonly flag: string;
  /** Absent when the caller's default was served. */
  readonly variant?: string | undefined;
  readonly reason: Reason;
  readonly count: number;
}

/** More flags than these are not counted between two reports: names may come from anywhere. */
const MAX_COUNTED = 1_000;
/** The server refuses longer ones. */
const MAX_NAME = 200;

/** Counts what was evaluated, until it is reported. */
export class Exposures {
  #counts = new Map<EvaluatedValue | string, { readonly flag: string; count: number }>();

  /** @param served undefined when the caller's default was served */
  add(flag: string, served: EvaluatedValue | undefined): void {
    if (typeof flag !== 'string' || flag.length > MAX_NAME) return;
    const counted = this.#counts.get(served ?? flag);
    if (counted !== undefined) counted.count += 1;
    else if (this.#counts.size < MAX_COUNTED) this.#counts.set(served ?? flag, { flag, count: 1 });
  }

  /** What was counted since the last time. */
  take(): Exposure[] {
    const counts = [...this.#counts];
    this.#counts = new Map();
    return counts.map(([served, { flag, count }]) =>
      typeof served === 'string'
        ? { flag, reason: 'ERROR', count }
        : { flag, variant: served.variant, reason: served.reason, count },
    );
  }
}
