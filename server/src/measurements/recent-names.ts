/** What the rest is counted as. */
const OTHER = 'other';

export interface RecentNamesOptions {
  /** How many names a group may have at a time. */
  readonly max: number;
  /** A name that was not heard for this long makes room, in milliseconds. */
  readonly forgetAfterMs: number;
}

/** Keeps names that others choose few: of each group the first ones, and later ones when those are not heard any more. */
export class RecentNames {
  readonly #options: RecentNamesOptions;
  /** When each name was heard last, by group. */
  readonly #groups = new Map<string, Map<string, number>>();

  constructor(options: RecentNamesOptions) {
    this.#options = options;
  }

  /** The name, or `other` where there are too many. */
  nameOf(group: string, name: string, nowMs: number): string {
    const { max, forgetAfterMs } = this.#options;
    const names = this.#groups.get(group) ?? new Map<string, number>();
    this.#groups.set(group, names);
    if (!names.has(name) && names.size >= max) {
      for (const [known, heardMs] of names) if (nowMs - heardMs > forgetAfterMs) names.delete(known);
      if (names.size >= max) return OTHER;
    }
    names.set(name, nowMs);
    return name;
  }
}
