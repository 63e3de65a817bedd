import type { CompiledRuleset, Exposure, Reason } from '@bunting/core';

/** Entries in one telemetry message, at most: with the longest keys it stays well below the server's 256 KiB. */
const BATCH_SIZE = 250;

/** No flag has a longer key, so a longer one is no typo but something else that the server need not know. */
const MAX_KEY_LENGTH = 100;

/** Unknown or mistyped flag keys that are counted apart, at most; the rest is not counted. */
const MAX_DEFAULTED_KEYS = 1000;

/**
 * What was evaluated how often. The hot path only increments `Evaluation.exposures`; this collects those counters when
 * telemetry is due.
 */
export class Exposures {
  readonly #counts = new Map<string, { flag: string; variant?: string; reason: Reason; count: number }>();
  readonly #defaulted = new Map<string, number>();

  /** Counts an evaluation that answered the caller's default. */
  countDefault(key: unknown): void {
    if (typeof key !== 'string' || key.length > MAX_KEY_LENGTH) return;
    this.#addDefault(key, 1);
  }

  /** Takes over the counters of a ruleset and sets them to 0. */
  collect(ruleset: CompiledRuleset): void {
    ruleset.forEachExposure((flag, evaluation) => {
      this.#add(flag, evaluation.variant, evaluation.reason, evaluation.exposures);
      evaluation.exposures = 0;
    });
  }

  /** What was counted since the last call, in batches for one message each. */
  drain(): Exposure[][] {
    for (const [key, count] of this.#defaulted) this.#add(key, undefined, 'ERROR', count);
    this.#defaulted.clear();
    const all = [...this.#counts.values()];
    this.#counts.clear();
    const batches: Exposure[][] = [];
    for (let from = 0; from < all.length; from += BATCH_SIZE) batches.push(all.slice(from, from + BATCH_SIZE));
    return batches;
  }

  /** Takes back a batch that could not be sent. */
  restore(batch: readonly Exposure[]): void {
    for (const { flag, variant, reason, count } of batch) {
      if (reason === 'ERROR') this.#addDefault(flag, count);
      else this.#add(flag, variant, reason, count);
    }
  }

  #addDefault(key: string, added: number): void {
    const count = this.#defaulted.get(key);
    if (count === undefined && this.#defaulted.size >= MAX_DEFAULTED_KEYS) return;
    this.#defaulted.set(key, (count ?? 0) + added);
  }

  #add(flag: string, variant: string | undefined, reason: Reason, count: number): void {
    const id = JSON.stringify([flag, variant, reason]);
    const entry = this.#counts.get(id);
    if (entry === undefined) this.#counts.set(id, { flag, variant, reason, count });
    else entry.count += count;
  }
}
