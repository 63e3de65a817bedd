/** What is seen of a flag of a release. */
export interface FlagFacts {
  readonly flag: string;
  /** The candidate's share at its place, in 1/100 000; undefined: what is served there is of another shape. */
  readonly weightPer100k: number | undefined;
  readonly isEnabled: boolean;
  readonly isKilled: boolean;
  /** It is archived, or its rule is removed: nobody is served the candidate there. */
  readonly isGone: boolean;
}

/** All that the machine is told, besides spec and state. */
export interface Facts {
  /** Milliseconds since 1970, UTC. */
  readonly nowMs: number;
  readonly flags: readonly FlagFacts[];
  /** What stands against a start, in sentences. */
  readonly problems: readonly string[];
  /** Why no exposure may grow at the moment, such as a freeze; in a sentence. */
  readonly noGrowth: string | undefined;
}
