import type { Flags } from '../flags.ts';

/**
 * Numbers that tell when a flag may answer differently than before. Components compare them instead of answers, because
 * asking for an answer counts as an exposure.
 */
export class Versions {
  readonly #byKey = new Map<string, number>();
  readonly #flags: Flags;
  #hasValues: boolean;
  /** Of all flags: the first values have come. */
  #first = 0;

  private constructor(flags: Flags) {
    this.#flags = flags;
    this.#hasValues = flags.state !== 'default';
    flags.on('change', ({ keys }) => {
      for (const key of keys) this.#byKey.set(key, (this.#byKey.get(key) ?? 0) + 1);
    });
    // The first values are told by `ready` alone.
    flags.on('ready', () => {
      if (!this.#hasValues) this.#first += 1;
      this.#hasValues = true;
    });
  }

  static readonly #known = new WeakMap<Flags, Versions>();

  /** Made once for each client, before any component listens: so it hears of every change first. */
  static of(flags: Flags): Versions {
    let versions = Versions.#known.get(flags);
    if (versions === undefined) {
      versions = new Versions(flags);
      Versions.#known.set(flags, versions);
    }
    return versions;
  }

  /** The same as long as the flag's answer is. */
  ofAnswer(key: string): string {
    return `${this.#first}.${this.#byKey.get(key) ?? 0}`;
  }

  /** The same as long as the flag's answer and the client's state are. */
  ofDetails(key: string): string {
    return `${this.ofAnswer(key)}.${this.#flags.state}`;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    const stops = (['change', 'ready', 'stale'] as const).map((name) => this.#flags.on(name, listener));
    return () => {
      for (const stop of stops) stop();
    };
  };
}
