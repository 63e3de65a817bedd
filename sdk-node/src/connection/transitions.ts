import { CLOSE } from '@bunting/core';
import type { FlagsErrorCode } from '../flags-error.ts';
import type { Fault } from '../transports/transport.ts';
import { afterData, afterFailure, isRetryDue, retryFirst } from './choice.ts';
import { type Effect, type Event, type EventOf, INITIAL, type State, type Step, type Surroundings } from './state.ts';
import { backoff, goodbyeSpan, type Span } from './timing.ts';

export function ignore(state: State): Step {
  return { state, effects: [] };
}

export function open(state: State, _event: Event, { timing }: Surroundings): Step {
  const { askSnapshot, choice } = state;
  return {
    state: { ...state, name: 'opening' },
    effects: [{ type: 'open', index: choice.index, askSnapshot }, deadline(timing.openTimeoutMs)],
  };
}

export function greet(state: State, _event: Event, around: Surroundings): Step {
  return { state: { ...state, name: 'greeting' }, effects: [deadline(silenceOf(state, around))] };
}

export function goLive(state: State, _event: Event, around: Surroundings): Step {
  const choice = afterData(state.choice, around);
  return {
    state: { ...state, name: 'live', askSnapshot: false, liveSinceMs: around.nowMs, choice },
    effects: [deadline(silenceOf(state, around))],
  };
}

/** A fallback is left when it is time to try the best transport again: after something was heard, so that it is fresh. */
export function stayLive(state: State, event: Event, around: Surroundings): Step {
  if (!isRetryDue(state.choice, around.nowMs)) return { state, effects: [deadline(silenceOf(state, around))] };
  const { askSnapshot } = state;
  const next: State = { name: 'waiting', failures: 0, askSnapshot, choice: retryFirst(state.choice) };
  const { state: opening, effects } = open(next, event, around);
  return { state: opening, effects: [{ type: 'drop' }, ...effects] };
}

/** The transport is gone by itself. Some close codes say that trying again soon is useless. */
export function lose(state: State, event: EventOf<'lost'>, around: Surroundings): Step {
  const refusal = REFUSALS.get(event.closeCode);
  if (refusal !== undefined) {
    const span = { minMs: around.timing.refusedMinMs, maxMs: around.timing.refusedMaxMs };
    return wait(state, around, span, [report(refusal, event.detail)]);
  }
  const code = state.name === 'opening' ? 'connection_failed' : 'connection_lost';
  // The server may have choked on the revision in our hello: asking for a snapshot is the hello that always works.
  const askSnapshot = state.askSnapshot || event.closeCode === CLOSE.badMessage;
  // A close code other than 1006, which is ours for none, is the server's own word: frames do come through.
  const isCut = event.closeCode === 0 || event.closeCode === 1006;
  const next = { ...state, askSnapshot };
  return isCut
    ? giveUp(next, around, event.fault, report(code, event.detail), [])
    : retry(next, around, [report(code, event.detail)]);
}

const REFUSALS: ReadonlyMap<number, FlagsErrorCode> = new Map([
  [CLOSE.keyRefused, 'key_refused'],
  [CLOSE.protocolUnsupported, 'protocol_unsupported'],
]);

export function giveUpOpening(state: State, _event: Event, around: Surroundings): Step {
  const detail = `no answer within ${around.timing.openTimeoutMs} ms`;
  return giveUp(state, around, 'broken', report('connection_failed', detail), [{ type: 'drop' }]);
}

export function giveUpSilent(state: State, _event: Event, around: Surroundings): Step {
  const missing = state.name === 'live' ? 'the server said nothing' : 'no ruleset came';
  const detail = `${missing} for ${silenceOf(state, around)} ms`;
  // Frames that are swallowed on their way take this long to be noticed: once is enough.
  return giveUp(state, around, 'denied', report('connection_lost', detail), [{ type: 'drop' }]);
}

export function resynchronise(state: State, event: EventOf<'unusable'>, around: Surroundings): Step {
  const effects: Effect[] = [{ type: 'drop' }, report('message_unusable', event.detail)];
  return retry({ ...state, askSnapshot: true }, around, effects);
}

/** The server sends us away for a while: no failure. */
export function leave(state: State, event: EventOf<'goodbye'>, around: Surroundings): Step {
  return wait(state, around, goodbyeSpan(event.retryAfterMs, around.timing), [{ type: 'drop' }]);
}

export function stop(): Step {
  return { state: CLOSED, effects: [{ type: 'clearTimer' }] };
}

export function stopConnected(): Step {
  return { state: CLOSED, effects: [{ type: 'clearTimer' }, { type: 'finish' }] };
}

const CLOSED: State = { ...INITIAL, name: 'closed' };

/** The transport ended without a word of the server's. One that never brought any data may be the wrong one. */
function giveUp(state: State, around: Surroundings, fault: Fault, problem: Effect, effects: readonly Effect[]): Step {
  if (state.name === 'live') return retry(state, around, [...effects, problem]);
  const choice = afterFailure(state.choice, fault, around);
  // That the best transport still fails is no news while another one works.
  const isNews = state.choice.index > 0 || state.choice.proven === undefined;
  const all = isNews ? [...effects, problem] : effects;
  // Another transport is another attempt, no repetition. After the last of them comes the first, with a wait.
  const isAnother = choice.index !== state.choice.index && choice.index > 0;
  return isAnother ? wait({ ...state, choice }, around, SOON, all) : retry({ ...state, choice }, around, all);
}

function retry(state: State, around: Surroundings, effects: readonly Effect[]): Step {
  const failures = failuresSoFar(state, around) + 1;
  return wait({ ...state, failures, liveSinceMs: undefined }, around, backoff(failures, around.timing), effects);
}

const SOON: Span = { minMs: 0, maxMs: 100 };

function wait(state: State, around: Surroundings, span: Span, effects: readonly Effect[]): Step {
  const { askSnapshot, choice } = state;
  return {
    state: { name: 'waiting', failures: failuresSoFar(state, around), askSnapshot, choice },
    effects: [...effects, { type: 'setTimer', span }],
  };
}

function silenceOf({ choice }: State, { transports, timing }: Surroundings): number {
  return transports[choice.index]?.silenceTimeoutMs ?? timing.silenceTimeoutMs;
}

/** A connection that held for a while forgives what was before it; one that broke at once does not. */
function failuresSoFar({ liveSinceMs, failures }: State, { nowMs, timing }: Surroundings): number {
  return liveSinceMs !== undefined && nowMs - liveSinceMs >= timing.steadyMs ? 0 : failures;
}

function deadline(withinMs: number): Effect {
  return { type: 'setTimer', span: { minMs: withinMs, maxMs: withinMs } };
}

function report(code: FlagsErrorCode, detail: string): Effect {
  return { type: 'report', code, detail };
}
