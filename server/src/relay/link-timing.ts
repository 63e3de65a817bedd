/** How long a link waits for what, in milliseconds. */
export interface LinkTiming {
  /** For TCP, TLS and the WebSocket handshake together. */
  readonly openTimeoutMs: number;
  /** An upstream that says nothing for this long is taken for dead; it sends heartbeats far more often. */
  readonly silenceTimeoutMs: number;
  /** The first wait after a failure is at most this; each further one may be twice as long. */
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** A link that was live for this long starts the backoff anew. */
  readonly steadyMs: number;
  /** Between attempts that only a change of configuration can make succeed. */
  readonly refusedMs: number;
  /** The longest that an upstream may send us away for. */
  readonly goodbyeMaxMs: number;
}

/** Relays are few and many wait behind them, so they come back sooner than SDKs do. */
export const LINK_TIMING: LinkTiming = {
  openTimeoutMs: 10_000,
  silenceTimeoutMs: 45_000,
  backoffMinMs: 100,
  backoffMaxMs: 10_000,
  steadyMs: 10_000,
  refusedMs: 30_000,
  goodbyeMaxMs: 60_000,
};

/** A span to draw a wait from, uniformly: the randomness stays outside of what decides. */
export interface Span {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Full jitter. `failures` counts those in a row, 1 for the first. */
export function backoff(failures: number, { backoffMinMs, backoffMaxMs }: LinkTiming): Span {
  return { minMs: 0, maxMs: Math.min(backoffMaxMs, backoffMinMs * 2 ** (failures - 1)) };
}

/** At least as long as the upstream asked, and up to half as much again. */
export function goodbyeSpan(retryAfterMs: number, { goodbyeMaxMs, backoffMinMs }: LinkTiming): Span {
  const minMs = Math.min(goodbyeMaxMs, retryAfterMs);
  return { minMs, maxMs: minMs * 1.5 + backoffMinMs };
}
