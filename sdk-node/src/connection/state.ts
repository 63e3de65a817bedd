import type { FlagsErrorCode } from '../flags-error.ts';
import type { Span, Timing } from './timing.ts';

/** Where the connection is in its life, and what it must remember to decide the next step. */
export interface State {
  readonly name: StateName;
  /** Failures in a row; decides how long the next wait may be. */
  readonly failures: number;
  /** True after something unusable came: the next hello asks for a snapshot. */
  readonly askSnapshot: boolean;
  /** When the connection became live, on the shell's monotonic clock. Only in `live`. */
  readonly liveSinceMs?: number;
}

export type StateName =
  /** Not started. */
  | 'idle'
  /** No socket; the timer says when to try again. */
  | 'waiting'
  /** A socket is being opened. */
  | 'opening'
  /** The socket is open and hello was said; no data yet. */
  | 'greeting'
  /** What is in memory is what the server has. */
  | 'live'
  /** Stopped by the owner, for good. */
  | 'closed';

export const INITIAL: State = { name: 'idle', failures: 0, askSnapshot: false };

export type Event =
  | { readonly type: 'start' }
  /** The timer ran out. */
  | { readonly type: 'timeout' }
  | { readonly type: 'opened' }
  /** A snapshot or changes arrived and are in effect. */
  | { readonly type: 'synced' }
  /** Any other sign of life from the server. */
  | { readonly type: 'heard' }
  /** A message that is malformed or does not follow on what is in memory. */
  | { readonly type: 'unusable'; readonly detail: string }
  | { readonly type: 'goodbye'; readonly retryAfterMs: number }
  /** The socket closed or could not be opened. `closeCode` is 0 when there is none. */
  | { readonly type: 'lost'; readonly closeCode: number; readonly detail: string }
  | { readonly type: 'stop' };
export type EventName = Event['type'];
export type EventOf<Name extends EventName> = Extract<Event, { type: Name }>;

export type Effect =
  | { readonly type: 'open' }
  | { readonly type: 'hello'; readonly askSnapshot: boolean }
  /** Sets the one timer, in place of the one that runs. */
  | { readonly type: 'setTimer'; readonly span: Span }
  | { readonly type: 'clearTimer' }
  /** Closes the socket at once; nothing that it still says counts. */
  | { readonly type: 'drop' }
  /** Closes the socket after what is written has left. */
  | { readonly type: 'finish' }
  | { readonly type: 'report'; readonly code: FlagsErrorCode; readonly detail: string };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** What a transition may know besides state and event. */
export interface Surroundings {
  /** A monotonic clock, milliseconds. */
  readonly nowMs: number;
  readonly timing: Timing;
}

export type Transition<Name extends EventName> = (state: State, event: EventOf<Name>, around: Surroundings) => Step;
