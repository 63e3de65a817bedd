/** Whoever made the data that this server passes on: itself, or what a relay gets its rulesets from. */
export interface Origin {
  /** The origin's clock, milliseconds since 1970, UTC. */
  nowMs(): number;
  /** How long ago, in milliseconds, the origin confirmed that what is served is the newest; 0 at the origin. */
  dataAgeMs(): number;
}
