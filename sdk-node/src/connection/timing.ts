/** How long the connection waits for what. All in milliseconds. */
export interface Timing {
  /** For TCP, TLS and the first answer together. */
  readonly openTimeoutMs: number;
  /** A server that says nothing for this long is taken for dead; it sends heartbeats far more often. */
  readonly silenceTimeoutMs: number;
  /** The first wait after a failure is at most this; each further one may be twice as long. */
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** A connection that was live for this long starts the backoff anew. A shorter one counts as a failure. */
  readonly steadyMs: number;
  /** Between attempts that only a change of configuration can make succeed. */
  readonly refusedMinMs: number;
  readonly refusedMaxMs: number;
  /** The longest that a server may send us away for. */
  readonly goodbyeMaxMs: number;
  /** A fallback is left for the best transport after this long; each further time after twice as long. */
  readonly retryFirstMinMs: number;
  readonly retryFirstMaxMs: number;
}

export const TIMING: Timing = {
  openTimeoutMs: 10_000,
  silenceTimeoutMs: 45_000,
  backoffMinMs: 250,
  backoffMaxMs: 30_000,
  steadyMs: 10_000,
  refusedMinMs: 30_000,
  refusedMaxMs: 60_000,
  goodbyeMaxMs: 300_000,
  retryFirstMinMs: 30_000,
  retryFirstMaxMs: 300_000,
};

/** A span to draw a wait from, uniformly: the randomness stays outside of what decides. */
export interface Span {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Full jitter: anything from nothing to a bound that doubles with each failure in a row (1 for the first). */
export function backoff(failures: number, timing: Timing): Span {
  return { minMs: 0, maxMs: Math.min(timing.backoffMaxMs, timing.backoffMinMs * 2 ** (failures - 1)) };
}

/** At least as long as the server asked, spread over half as much again, so that its clients do not come at once. */
export function goodbyeSpan(retryAfterMs: number, timing: Timing): Span {
  const minMs = Math.min(timing.goodbyeMaxMs, Math.max(0, Number.isFinite(retryAfterMs) ? retryAfterMs : 0));
  return { minMs, maxMs: minMs * 1.5 + timing.backoffMinMs };
}
