/** A quantile is off by at most this share of its value. */
const ACCURACY = 0.025;

/** Each bucket is wider than the one before by this factor. */
const GROWTH = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GROWTH = Math.log(GROWTH);

/** One hour, in microseconds. What takes longer counts as that long; what takes less than 1 as 1. */
const MAX_US = 3.6e9;

/** Bucket `i` holds what is above GROWTH^(i-1) and at most GROWTH^i. */
const BUCKETS = Math.ceil(Math.log(MAX_US) / LOG_GROWTH) + 1;

/** Written in front, so that another form can be told apart. */
const FORM = '1 ';

/** No sketch is written longer: each bucket is a gap, a colon, a count and a comma. */
const MAX_LENGTH = BUCKETS * 15;
const BUCKET = /^([0-9a-z]{0,2}):([0-9a-z]{1,11})$/;

/**
 * How long something took, how often, in so few buckets that it can be sent, added up over instances and asked for any
 * quantile. Adding sketches loses nothing: all have the same buckets. Durations are in microseconds, 1 to 3.6e9.
 *
 * Source of the idea: Masson, Rim, Lee: DDSketch, a fast and fully-mergeable quantile sketch (VLDB 2019).
 */
export class DurationSketch {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  /** How many durations it has seen. */
  get count(): number {
    return this.#total;
  }

  add(durationUs: number): void {
    const bucket = bucketOf(durationUs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total++;
  }

  /** Adds what another one has seen. */
  merge(other: DurationSketch): void {
    const counts = this.#counts;
    const others = other.#counts;
    for (let i = 0; i < BUCKETS; i++) counts[i] = (counts[i] ?? 0) + (others[i] ?? 0);
    this.#total += other.#total;
  }

  /**
   * The duration that a share `q` (0 to 1) of all do not exceed, in microseconds. Undefined when there is none.
   */
  quantile(q: number): number | undefined {
    if (this.#total === 0) return undefined;
    const rank = Math.floor(Math.min(Math.max(q, 0), 1) * (this.#total - 1));
    let below = 0;
    let bucket = -1;
    while (below <= rank && bucket < BUCKETS - 1) below += this.#counts[++bucket] ?? 0;
    return (2 * GROWTH ** bucket) / (GROWTH + 1);
  }

  /** How many took longer than this, to the bounds of its bucket: what is up to 5 % above it may not count. */
  countAbove(durationUs: number): number {
    let above = 0;
    for (let i = bucketOf(durationUs) + 1; i < BUCKETS; i++) above += this.#counts[i] ?? 0;
    return above;
  }

  /**
   * As short text: `1 5a:3,:c` is 3 in bucket 5a and c in the one after it; all numbers are in base 36, and the gap from
   * the last bucket is left out where it is 1.
   */
  encode(): string {
    const parts: string[] = [];
    let last = -1;
    for (const [bucket, count] of this.#counts.entries()) {
      if (count === 0) continue;
      parts.push(`${bucket - last === 1 ? '' : (bucket - last).toString(36)}:${count.toString(36)}`);
      last = bucket;
    }
    return FORM + parts.join(',');
  }

  /** Undefined for what `encode` has not written. Never throws. */
  static decode(text: unknown): DurationSketch | undefined {
    if (typeof text !== 'string' || !text.startsWith(FORM) || text.length > MAX_LENGTH) return undefined;
    const sketch = new DurationSketch();
    if (text === FORM) return sketch;
    let bucket = -1;
    for (const part of text.slice(FORM.length).split(',')) {
      const [, gap, digits = ''] = BUCKET.exec(part) ?? [];
      const count = Number.parseInt(digits, 36);
      bucket += gap === '' ? 1 : Number.parseInt(gap ?? '', 36);
      if (!(count > 0 && bucket > -1 && bucket < BUCKETS) || sketch.#counts[bucket] !== 0) return undefined;
      sketch.#counts[bucket] = count;
      sketch.#total += count;
    }
    return sketch.#total <= Number.MAX_SAFE_INTEGER ? sketch : undefined;
  }
}

function bucketOf(durationUs: number): number {
  // Also for what is no number.
  if (!(durationUs > 1)) return 0;
  return durationUs >= MAX_US ? BUCKETS - 1 : Math.ceil(Math.log(durationUs) / LOG_GROWTH);
}
