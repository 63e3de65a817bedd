/** A quantile is off by at most this share of its value. */
const ACCURACY = 0.025;

/** Each bucket is wider than the one before by this factor. */
const GROWTH = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GROWTH = Math.log(GROWTH);

/** One hour, in microseconds. What takes longer counts as that long; what takes less than 1 as 1. */
const MAX_US = 3.6e9;

/** Bucket `i` holds what is above GROWTH^(i-1) and at most GROWTH^i. */
const BUCKETS = Math.ceil(Math.log(MAX_US) / LOG_GROWTH) + 1;

/** So many buckets more than are needed are made room for at each end: what comes next is near. */
const MARGIN = 8;

const NO_COUNTS = new Float64Array(0);

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
  /** Of the buckets from `#low` on; all others are empty. Durations of one thing are near each other. */
  #counts = NO_COUNTS;
  #low = 0;
  #total = 0;

  /** How many durations it has seen. */
  get count(): number {
    return this.#total;
  }

  add(durationUs: number): void {
    const bucket = bucketOf(durationUs);
    if (bucket < this.#low || bucket >= this.#low + this.#counts.length) this.#makeRoom(bucket, bucket);
    this.#counts[bucket - this.#low] = (this.#counts[bucket - this.#low] ?? 0) + 1;
    this.#total++;
  }

  /** Adds what another one has seen. */
  merge(other: DurationSketch): void {
    const others = other.#counts;
    if (others.length === 0) return;
    const last = other.#low + others.length - 1;
    if (other.#low < this.#low || last >= this.#low + this.#counts.length) this.#makeRoom(other.#low, last);
    const counts = this.#counts;
    const shift = other.#low - this.#low;
    for (let i = 0; i < others.length; i++) counts[i + shift] = (counts[i + shift] ?? 0) + (others[i] ?? 0);
    this.#total += other.#total;
  }

  /**
   * The duration that a share `q` (0 to 1) of all do not exceed, in microseconds. Undefined when there is none.
   */
  quantile(q: number): number | undefined {
    if (this.#total === 0) return undefined;
    const rank = Math.floor(Math.min(Math.max(q, 0), 1) * (this.#total - 1));
    let below = 0;
    let at = -1;
    while (below <= rank && at < this.#counts.length - 1) below += this.#counts[++at] ?? 0;
    return middleOf(this.#low + at);
  }

  /** How many took longer than this, to the bounds of its bucket: what is up to 5 % above it may not count. */
  countAbove(durationUs: number): number {
    let above = 0;
    const from = Math.max(0, bucketOf(durationUs) + 1 - this.#low);
    for (let i = from; i < this.#counts.length; i++) above += this.#counts[i] ?? 0;
    return above;
  }

  /** How long all took together, in microseconds, to 2.5 %. */
  sumUs(): number {
    let sum = 0;
    for (let i = 0; i < this.#counts.length; i++) {
      const count = this.#counts[i] ?? 0;
      if (count > 0) sum += count * middleOf(this.#low + i);
    }
    return sum;
  }

  /**
   * As short text: `1 5a:3,:c` is 3 in bucket 5a and c in the one after it; all numbers are in base 36, and the gap from
   * the last bucket is left out where it is 1.
   */
  encode(): string {
    const parts: string[] = [];
    let last = -1;
    for (let i = 0; i < this.#counts.length; i++) {
      const count = this.#counts[i] ?? 0;
      if (count === 0) continue;
      const gap = this.#low + i - last;
      parts.push(`${gap === 1 ? '' : gap.toString(36)}:${count.toString(36)}`);
      last = this.#low + i;
    }
    return FORM + parts.join(',');
  }

  /** Undefined for what `encode` has not written. Never throws. */
  static decode(text: unknown): DurationSketch | undefined {
    if (typeof text !== 'string' || !text.startsWith(FORM) || text.length > MAX_LENGTH) return undefined;
    const sketch = new DurationSketch();
    if (text === FORM) return sketch;
    const counts: [bucket: number, count: number][] = [];
    let bucket = -1;
    for (const part of text.slice(FORM.length).split(',')) {
      const [, gap, digits = ''] = BUCKET.exec(part) ?? [];
      const step = gap === '' ? 1 : Number.parseInt(gap ?? '', 36);
      const count = Number.parseInt(digits, 36);
      bucket += step;
      if (!(count > 0 && step > 0 && bucket < BUCKETS)) return undefined;
      counts.push([bucket, count]);
    }
    sketch.#makeRoom(counts[0]?.[0] ?? 0, bucket);
    for (const [bucket, count] of counts) {
      sketch.#counts[bucket - sketch.#low] = count;
      sketch.#total += count;
    }
    return sketch.#total <= Number.MAX_SAFE_INTEGER ? sketch : undefined;
  }

  /** Makes room for the buckets from `first` to `last`. */
  #makeRoom(first: number, last: number): void {
    const isEmpty = this.#counts.length === 0;
    const low = Math.max(0, (isEmpty ? first : Math.min(first, this.#low)) - MARGIN);
    const high = Math.max(last, isEmpty ? last : this.#low + this.#counts.length - 1) + MARGIN;
    const counts = new Float64Array(Math.min(BUCKETS - 1, high) - low + 1);
    if (!isEmpty) counts.set(this.#counts, this.#low - low);
    this.#low = low;
    this.#counts = counts;
  }
}

/** What stands for a bucket's durations: as far, in proportion, from its least as from its greatest. */
function middleOf(bucket: number): number {
  return (2 * GROWTH ** bucket) / (GROWTH + 1);
}

function bucketOf(durationUs: number): number {
  // Also for what is no number.
  if (!(durationUs > 1)) return 0;
  return durationUs >= MAX_US ? BUCKETS - 1 : Math.ceil(Math.log(durationUs) / LOG_GROWTH);
}
