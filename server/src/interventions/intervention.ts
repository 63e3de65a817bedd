import type { Actor } from '../audit/actor.ts';

/** Ascending in force. An abort is of the release that a flag is in. No flag takes a rollback. */
export const ACTIONS = ['notify', 'pause', 'abort', 'rollback', 'kill'] as const;
export type Action = (typeof ACTIONS)[number];

/** `dry_run`: everything is judged, recorded and told, and nothing is done. */
export type Mode = 'armed' | 'dry_run';

export const RESULTS = [
  /** Done. Of a notification: recorded, which is what webhooks tell. */
  'acted',
  'would_have',
  /** It is so already, or was undone by someone since then. */
  'already',
  /** What is seen may come from another kill: to be asked for again later, if it lasts. */
  'cooling_down',
  /** Its source has killed enough for an hour: paused instead. */
  'rate_limited',
  'not_allowed',
  'failed',
  /** What paused is over: nothing is paused for it any more. */
  'lifted',
] as const;
export type Result = (typeof RESULTS)[number];

/** What made the server act by itself. Times: milliseconds since 1970, UTC. */
export interface Cause {
  readonly kind: 'signal' | 'safeguard' | 'drill';
  /** Of the binding or safeguard. */
  readonly id: string;
  readonly name: string;
  /** Who it is in the audit log: the signal's source, or the safeguard. */
  readonly actor: Actor;
  /** Of a signal: all of its deliveries are one episode, which acts once. */
  readonly episode?: string;
  /** A sentence for people: "checkout fails 21 times as often with on as with off". */
  readonly summary: string;
  /** When it began to be bad, as far as that is known. */
  readonly firstBadAtMs?: number;
  /** When the source decided that it is. */
  readonly detectedAtMs?: number;
  /** When this server heard of it. */
  readonly receivedAtMs?: number;
  /** Counts, e-values: 4 KB of JSON at most; more is left out. */
  readonly evidence?: unknown;
  readonly link?: string;
}

/** By keys. */
export interface FlagTarget {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
}

/** What bounds the kills of one source or safeguard. */
export interface Limits {
  /** Flags that it may have killed within the last hour, everywhere. */
  readonly maxKillsPerHour: number;
  /** For how long after a kill nothing else is killed in that environment because of what began after it. */
  readonly coolDownMs: number;
}

export const LIMITS: Limits = { maxKillsPerHour: 10, coolDownMs: 120_000 };

export interface Request {
  readonly cause: Cause;
  readonly action: Action;
  readonly targets: readonly FlagTarget[];
  readonly mode: Mode;
  /** Default: `LIMITS`. */
  readonly limits?: Limits;
}

/** What became of an action on a target. */
export interface Outcome {
  /** Of its audit event, too. */
  readonly id: string;
  readonly action: Action;
  readonly target: FlagTarget;
  readonly atMs: number;
  readonly result: Result;
  /** A sentence for people. */
  readonly reason: string;
  /** Of a kill that is in force. */
  readonly killEpoch?: number;
  /** Of `cooling_down`: from then on it may be asked for again. */
  readonly againAtMs?: number;
}
