const MINUTE_MS = 60_000;

/** What can be looked back on, and by what steps. */
export const SPANS = {
  hour: { stepMs: MINUTE_MS, steps: 60 },
  day: { stepMs: 15 * MINUTE_MS, steps: 96 },
} as const;
export type Span = keyof typeof SPANS;

/** Who told: SDKs with server keys, or pages, which could make it up. */
type Source = 'servers' | 'pages';

/** One variant of one flag, as one of the two sources told of it. */
export interface ExposedTo {
  readonly environmentId: string;
  readonly flag: string;
  /** Empty: the caller's default was served. */
  readonly variant: string;
  readonly source: Source;
}

/** What was counted of one variant. */
export interface ExposureSeries extends Pick<ExposedTo, 'variant' | 'source'> {
  /** Pairs of the step's number, in steps since 1970, and its count; ascending, without those that have none. */
  readonly counts: readonly (readonly [step: number, count: number])[];
}

/** So many variants are counted apart; of more, those that were seen longest ago are forgotten. Each takes some 3 KB. */
const MAX_SERIES = 20_000;

/**
 * How often flags were evaluated to which variant, as SDKs told the server: in memory, by the minute for an hour and by the
 * quarter of an hour for a day.
 */
export class ExposureCounts {
  readonly #now: () => number;
  /** By environment and flag, then by variant and source; of both, what was seen last is last. */
  readonly #flags = new Map<string, Map<string, Counted>>();
  #size = 0;
  /** Since when it has counted. */
  readonly sinceMs: number;

  /** @param now milliseconds since 1970, UTC */
  constructor(now: () => number) {
    this.#now = now;
    this.sinceMs = now();
  }

  get nowMs(): number {
    return this.#now();
  }

  add({ environmentId, flag, variant, source }: ExposedTo, count: number): void {
    const place = placeOf(environmentId, flag);
    const ofFlag = this.#flags.get(place) ?? new Map<string, Counted>();
    this.#flags.delete(place);
    this.#flags.set(place, ofFlag);
    const name = `${source} ${variant}`;
    let counted = ofFlag.get(name);
    if (counted === undefined) {
      counted = { variant, source, rings: { hour: new Ring(SPANS.hour), day: new Ring(SPANS.day) } };
      ofFlag.set(name, counted);
      this.#size += 1;
      this.#makeRoom(place);
    }
    const nowMs = this.#now();
    counted.rings.hour.add(nowMs, count);
    counted.rings.day.add(nowMs, count);
  }

  read({ environmentId, flag }: Pick<ExposedTo, 'environmentId' | 'flag'>, span: Span): ExposureSeries[] {
    const nowMs = this.#now();
    return [...(this.#flags.get(placeOf(environmentId, flag))?.values() ?? [])].flatMap(
      ({ variant, source, rings }) => {
        const counts = rings[span].read(nowMs);
        return counts.length === 0 ? [] : [{ variant, source, counts }];
      },
    );
  }

  /** @param place stays: it was seen now */
  #makeRoom(place: string): void {
    for (const [oldest, { size }] of this.#flags) {
      if (this.#size <= MAX_SERIES || oldest === place) return;
      this.#flags.delete(oldest);
      this.#size -= size;
    }
  }
}

interface Counted extends Pick<ExposedTo, 'variant' | 'source'> {
  readonly rings: Readonly<Record<Span, Ring>>;
}

/** Counts of the last steps. A place holds the count of the step that its number says; a clock set back loses nothing else. */
class Ring {
  readonly #stepMs: number;
  readonly #numbers: Uint32Array;
  readonly #counts: Float64Array;

  constructor({ stepMs, steps }: { readonly stepMs: number; readonly steps: number }) {
    this.#stepMs = stepMs;
    // The one under way is besides.
    this.#numbers = new Uint32Array(steps + 1);
    this.#counts = new Float64Array(steps + 1);
  }

  add(atMs: number, count: number): void {
    const number = Math.floor(atMs / this.#stepMs);
    const place = number % this.#counts.length;
    const before = this.#numbers[place] === number ? (this.#counts[place] ?? 0) : 0;
    this.#numbers[place] = number;
    this.#counts[place] = before + count;
  }

  read(nowMs: number): [step: number, count: number][] {
    const last = Math.floor(nowMs / this.#stepMs);
    const found: [number, number][] = [];
    for (let number = last - this.#counts.length + 1; number <= last; number++) {
      const place = number % this.#counts.length;
      const count = this.#counts[place] ?? 0;
      if (this.#numbers[place] === number && count > 0) found.push([number, count]);
    }
    return found;
  }
}

/** Neither ids nor keys hold spaces. */
function placeOf(environmentId: string, flag: string): string {
  return `${environmentId} ${flag}`;
}
