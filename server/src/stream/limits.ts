import type { Config } from '../config/config.ts';

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
  /** Connections let in each second, when many come at once. */
  readonly admitsPerSecond: number;
  /** Bytes of snapshots that may leave each second, when many ask for one at once. */
  readonly snapshotBytesPerSecond: number;
  /** Who would have to wait for longer to be let in is sent away for a while. */
  readonly maxAdmissionWaitMs: number;
  /** A connection of about this age is asked to come back, a fifth sooner or later. 0: never. */
  readonly maxConnectionAgeMs: number;
  /** Told to clients when the server goes away, and more where so many come back that they need a longer time for it. */
  readonly retryAfterMs: number;
  /** How long clients get to answer the close, before their sockets are cut. */
  readonly closeTimeoutMs: number;
}

/** What people may set. */
type StreamSettings = Pick<
  Config,
  'streamAdmitsPerSecond' | 'streamSnapshotBytesPerSecond' | 'streamMaxConnectionAgeMs'
>;

export function streamLimitsOf(settings: StreamSettings): StreamLimits {
  return {
    ...STREAM_LIMITS,
    admitsPerSecond: settings.streamAdmitsPerSecond,
    snapshotBytesPerSecond: settings.streamSnapshotBytesPerSecond,
    maxConnectionAgeMs: settings.streamMaxConnectionAgeMs,
  };
}

export const STREAM_LIMITS: StreamLimits = {
  helloTimeoutMs: 5_000,
  heartbeatMs: 15_000,
  silenceMs: 45_000,
  maxBufferedBytes: 1024 * 1024,
  drainTimeoutMs: 30_000,
  maxTurnMs: 2.5,
  maxContextBytes: 16 * 1024,
  admitsPerSecond: 3_000,
  snapshotBytesPerSecond: 128_000_000,
  maxAdmissionWaitMs: 2_000,
  maxConnectionAgeMs: 1_800_000,
  retryAfterMs: 1_000,
  closeTimeoutMs: 2_000,
};
