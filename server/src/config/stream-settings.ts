import type { Source } from './config.ts';
import { whole } from './whole.ts';

/** How SDKs' connections are paced. */
export const streamSettings = {
  /** Connections let in each second, when many come at once. */
  streamAdmitsPerSecond: whole('give a number between 1 and 100000', 1, 100_000).default(3_000),
  /** Bytes of snapshots that may leave each second, when many ask for one at once. */
  streamSnapshotBytesPerSecond: whole('give a number between 100000 and 999999999', 100_000, 999_999_999).default(
    128_000_000,
  ),
  /**
   * A connection is asked to come back, to whichever server is free then, at about this age, in milliseconds: a fifth
   * sooner or later. 0: never.
   */
  streamMaxConnectionAgeMs: whole('give milliseconds between 0 and 604800000', 0, 604_800_000).default(1_800_000),
};

export const STREAM_SOURCES = {
  streamAdmitsPerSecond: { variable: 'BUNTING_STREAM_ADMITS_PER_SECOND' },
  streamSnapshotBytesPerSecond: { variable: 'BUNTING_STREAM_SNAPSHOT_BYTES_PER_SECOND' },
  streamMaxConnectionAgeMs: { variable: 'BUNTING_STREAM_MAX_CONNECTION_AGE_MS' },
} satisfies Readonly<Record<keyof typeof streamSettings, Source>>;
