import { CLOSE } from '@bunting/core';
import type { FlagsErrorCode } from '../flags-error.ts';
import { type Effect, type Event, type EventOf, INITIAL, type State, type Step, type Surroundings } from './state.ts';
import { backoff, goodbyeSpan, type Span } from './timing.ts';

export function ignore(state: State): Step {
  return { state, effects: [] };
}

export function open(state: State, _event: Event, { timing }: Surroundings): Step {
  return { state: { ...state, name: 'opening' }, effects: [{ type: 'open' }, deadline(timing.openTimeoutMs)] };
}

export function greet(state: State, _event: Event, { timing }: Surroundings): Step {
  return {
    state: { ...state, name: 'greeting' },
    effects: [{ type: 'hello', askSnapshot: state.askSnapshot }, deadline(timing.silenceTimeoutMs)],
  };
}

export function goLive(state: State, _event: Event, { nowMs, timing }: Surroundings): Step {
  return {
    state: { ...state, name: 'live', askSnapshot: false, liveSinceMs: nowMs },
    effects: [deadline(timing.silenceTimeoutMs)],
  };
}

export function stayLive(state: State, _event: Event, { timing }: Surroundings): Step {
  return { state, effects: [deadline(timing.silenceTimeoutMs)] };
}

/** The socket is gone by itself. Some close codes say that trying again soon is useless. */
export function lose(state: State, event: EventOf<'lost'>, around: Surroundings): Step {
  const refusal = REFUSALS.get(event.closeCode);
  if (refusal !== undefined) {
    const span = { minMs: around.timing.refusedMinMs, maxMs: around.timing.refusedMaxMs };
    return wait(state, around, span, [report(refusal, event.detail)]);
  }
  const code = state.name === 'opening' ? 'connection_failed' : 'connection_lost';
  // The server may have choked on the revision in our hello: asking for a snapshot is the hello that always works.
  const askSnapshot = state.askSnapshot || event.closeCode === CLOSE.badMessage;
  return retry({ ...state, askSnapshot }, around, [report(code, event.detail)]);
}

const REFUSALS: ReadonlyMap<number, FlagsErrorCode> = new Map([
  [CLOSE.keyRefused, 'key_refused'],
  [CLOSE.protocolUnsupported, 'protocol_unsupported'],
]);

export function giveUpOpening(state: State, _event: Event, around: Surroundings): Step {
  const detail = `no answer within ${around.timing.openTimeoutMs} ms`;
  return retry(state, around, [{ type: 'drop' }, report('connection_failed', detail)]);
}

export function giveUpSilent(state: State, _event: Event, around: Surroundings): Step {
  const missing = state.name === 'live' ? 'the server said nothing' : 'no ruleset came';
  const detail = `${missing} for ${around.timing.silenceTimeoutMs} ms`;
  return retry(state, around, [{ type: 'drop' }, report('connection_lost', detail)]);
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

function retry(state: State, around: Surroundings, effects: readonly Effect[]): Step {
  const failures = failuresSoFar(state, around) + 1;
  return wait({ ...state, failures, liveSinceMs: undefined }, around, backoff(failures, around.timing), effects);
}

function wait(state: State, around: Surroundings, span: Span, effects: readonly Effect[]): Step {
  const { askSnapshot } = state;
  return {
    state: { name: 'waiting', failures: failuresSoFar(state, around), askSnapshot },
    effects: [...effects, { type: 'setTimer', span }],
  };
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
