/** The clock and age of what is served. A relay passes its upstream's on, so that old data never looks live. */
export interface Origin {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number;
  /** How long ago the data was known to be the newest; 0 at the origin. */
  dataAgeMs(): number;
}
