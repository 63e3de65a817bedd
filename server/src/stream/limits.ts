/** Bounds and spans, in milliseconds and bytes. Tests shorten them. */
export interface StreamLimits {
  readonly helloTimeoutMs: number;
  readonly heartbeatMs: number;
  /** A client from which nothing came for this long is dropped. */
  readonly silenceMs: number;
  /** How many bytes may wait for a lagging socket, besides the frame that it lags with, before it is dropped. */
  readonly maxBufferedBytes: number;
  /** A socket that lags for longer is dropped, unless the size of its frame allows more. */
  readonly drainTimeoutMs: number;
  /** How long work on many sockets may block the event loop. */
  readonly maxTurnMs: number;
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
  maxBufferedBytes: 1024 * 1024,
  drainTimeoutMs: 30_000,
  maxTurnMs: 3,
  maxContextBytes: 16 * 1024,
  retryAfterMs: 1_000,
  closeTimeoutMs: 2_000,
};
