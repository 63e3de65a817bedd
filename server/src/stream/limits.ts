/** Bounds and spans, in milliseconds and bytes. Tests shorten them. */
export interface StreamLimits {
  readonly helloTimeoutMs: number;
  readonly heartbeatMs: number;
  /** A client from which nothing came for this long is dropped. */
  readonly silenceMs: number;
  readonly maxBufferedBytes: number;
  readonly maxContextBytes: number;
  /** Told to clients when the server goes away. */
  readonly retryAfterMs: number;
  /** How long clients get to answer the close, before their sockets are cut. */
  readonly closeTimeoutMs: number;
}

export const STREAM_LIMITS: StreamLimits = {
  helloTimeoutMs: 5_000,
  heartbeatMs: 15_000,
  silenceMs: 45_000,
  maxBufferedBytes: 4 * 1024 * 1024,
  maxContextBytes: 16 * 1024,
  retryAfterMs: 1_000,
  closeTimeoutMs: 2_000,
};
