import type { FlagsErrorCode } from '../flags-error.ts';
import type { Fault } from '../transports/transport.ts';
import { type Choice, FIRST_CHOICE } from './choice.ts';
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
  readonly choice: Choice;
}

export type StateName =
  /** Not started. */
  | 'idle'
  /** No transport; the timer says when to try again. */
  | 'waiting'
  /** A transport is being opened. */
  | 'opening'
  /** The transport is open and hello was said; no data yet. */
  | 'greeting'
  /** What is in memory is what the server has. */
  | 'live'
  /** Stopped by the owner, for good. */
  | 'closed';

export const INITIAL: State = { name: 'idle', failures: 0, askSnapshot: false, choice: FIRST_CHOICE };

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
  /** The transport ended or could not be opened. `closeCode` is 0 when there is none. */
  | { readonly type: 'lost'; readonly closeCode: number; readonly fault: Fault; readonly detail: string }
  | { readonly type: 'stop' };
export type EventName = Event['type'];
export type EventOf<Name extends EventName> = Extract<Event, { type: Name }>;

export type Effect =
  /** Opens the transport at this place in the list, and has it say hello. */
  | { readonly type: 'open'; readonly index: number; readonly askSnapshot: boolean }
  /** Sets the one timer, in place of the one that runs. */
  | { readonly type: 'setTimer'; readonly span: Span }
  | { readonly type: 'clearTimer' }
  /** Closes the transport at once; nothing that it still says counts. */
  | { readonly type: 'drop' }
  /** Closes the transport after what is written has left. */
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
  /** Drawn anew for each step, from 0 to below 1. */
  readonly random: number;
  readonly timing: Timing;
  /** The transports that may be used, the best first; at least one. */
  readonly transports: readonly TransportTraits[];
}

export interface TransportTraits {
  /** A server that says nothing for this long is taken for dead. */
  readonly silenceTimeoutMs: number;
}

export type Transition<Name extends EventName> = (state: State, event: EventOf<Name>, around: Surroundings) => Step;
