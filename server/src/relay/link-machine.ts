import { CLOSE } from '@bunting/core';
import { backoff, goodbyeSpan, type LinkTiming, type Span } from './link-timing.ts';

export interface LinkState {
  readonly name: LinkStateName;
  /** Failures in a row; decides how long the next wait may be. */
  readonly failures: number;
  /** True after something unusable came: the next hello asks for a snapshot. */
  readonly askSnapshot: boolean;
  /** By the monotonic clock; only in `live`. */
  readonly liveSinceMs?: number;
}

type LinkStateName =
  /** No socket; the timer says when to try. */
  | 'waiting'
  | 'opening'
  /** Hello was said; no data yet. */
  | 'greeting'
  /** What is in memory is what the upstream has. */
  | 'live'
  /** Stopped, for good. */
  | 'closed';

export const INITIAL: LinkState = { name: 'waiting', failures: 0, askSnapshot: false };

export type LinkEvent =
  /** The timer ran out; also begins. */
  | { readonly type: 'timeout' }
  | { readonly type: 'opened' }
  /** The ruleset is in memory as the upstream has it. */
  | { readonly type: 'synced' }
  /** Any other sign of life. */
  | { readonly type: 'heard' }
  | { readonly type: 'unusable'; readonly detail: string }
  | { readonly type: 'goodbye'; readonly retryAfterMs: number }
  | { readonly type: 'lost'; readonly closeCode: number; readonly detail: string }
  | { readonly type: 'stop' };

export type LinkEffect =
  | { readonly type: 'open' }
  | { readonly type: 'hello'; readonly askSnapshot: boolean }
  /** Sets the one timer, in place of the one that runs. */
  | { readonly type: 'setTimer'; readonly span: Span }
  | { readonly type: 'clearTimer' }
  /** Closes the socket at once; nothing that it still says counts. */
  | { readonly type: 'drop' }
  /** Closes the socket after what is written has left. */
  | { readonly type: 'finish' }
  /** `refused`: only a change of configuration helps. */
  | { readonly type: 'report'; readonly refused: boolean; readonly detail: string };

export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

interface Surroundings {
  /** A monotonic clock, in milliseconds. */
  readonly nowMs: number;
  readonly timing: LinkTiming;
}

/**
 * The life of the link to an upstream as a pure function: the next state, and what `link.ts` is to do in order. An event
 * that makes no sense in a state changes nothing. A timer runs in every state but `closed`, so it is never stuck.
 *
 *   waiting -> opening -> greeting -> live, and from each back to waiting by any failure or goodbye
 */
export function step(state: LinkState, event: LinkEvent, around: Surroundings): LinkStep {
  const { name } = state;
  const { timing, nowMs } = around;
  const isConnected = name === 'greeting' || name === 'live';
  const hasSocket = isConnected || name === 'opening';
  if (name === 'closed') return stay(state);
  switch (event.type) {
    case 'timeout':
      if (hasSocket)
        return retry(state, around, [{ type: 'drop' }, report(`nothing came for ${waited(name, timing)} ms`)]);
      return { state: { ...state, name: 'opening' }, effects: [{ type: 'open' }, deadline(timing.openTimeoutMs)] };
    case 'opened': {
      if (name !== 'opening') return stay(state);
      const { askSnapshot } = state;
      const effects: LinkEffect[] = [{ type: 'hello', askSnapshot }, deadline(timing.silenceTimeoutMs)];
      return { state: { ...state, name: 'greeting' }, effects };
    }
    case 'synced': {
      if (!isConnected) return stay(state);
      const liveSinceMs = state.liveSinceMs ?? nowMs;
      const live: LinkState = { ...state, name: 'live', askSnapshot: false, liveSinceMs };
      return { state: live, effects: [deadline(timing.silenceTimeoutMs)] };
    }
    case 'heard':
      // While greeting it does not extend the deadline: an upstream that never sends data is left too.
      return name === 'live' ? { state, effects: [deadline(timing.silenceTimeoutMs)] } : stay(state);
    case 'unusable':
      if (!hasSocket) return stay(state);
      return retry({ ...state, askSnapshot: true }, around, [{ type: 'drop' }, report(event.detail)]);
    case 'goodbye':
      if (!isConnected) return stay(state);
      return wait(state, around, goodbyeSpan(event.retryAfterMs, timing), [{ type: 'drop' }]);
    case 'lost': {
      if (!hasSocket) return stay(state);
      if (REFUSALS.has(event.closeCode)) {
        const span = { minMs: timing.refusedMs, maxMs: timing.refusedMs * 2 };
        return wait(state, around, span, [report(event.detail, true)]);
      }
      // The upstream may have choked on the revision in our hello: asking for a snapshot always works.
      const askSnapshot = state.askSnapshot || event.closeCode === CLOSE.badMessage;
      return retry({ ...state, askSnapshot }, around, [report(event.detail)]);
    }
    case 'stop':
      return {
        state: { ...INITIAL, name: 'closed' },
        effects: hasSocket ? [{ type: 'clearTimer' }, { type: 'finish' }] : [{ type: 'clearTimer' }],
      };
  }
}

const REFUSALS: ReadonlySet<number> = new Set([CLOSE.keyRefused, CLOSE.protocolUnsupported]);

function stay(state: LinkState): LinkStep {
  return { state, effects: [] };
}

function retry(state: LinkState, around: Surroundings, effects: readonly LinkEffect[]): LinkStep {
  const failures = failuresSoFar(state, around) + 1;
  return wait({ ...state, failures, liveSinceMs: undefined }, around, backoff(failures, around.timing), effects);
}

function wait(state: LinkState, around: Surroundings, span: Span, effects: readonly LinkEffect[]): LinkStep {
  const { askSnapshot } = state;
  return {
    state: { name: 'waiting', failures: failuresSoFar(state, around), askSnapshot },
    effects: [...effects, { type: 'setTimer', span }],
  };
}

/** A link that held for a while forgives what was before it. */
function failuresSoFar({ liveSinceMs, failures }: LinkState, { nowMs, timing }: Surroundings): number {
  return liveSinceMs !== undefined && nowMs - liveSinceMs >= timing.steadyMs ? 0 : failures;
}

function waited(name: LinkStateName, { openTimeoutMs, silenceTimeoutMs }: LinkTiming): number {
  return name === 'opening' ? openTimeoutMs : silenceTimeoutMs;
}

function deadline(withinMs: number): LinkEffect {
  return { type: 'setTimer', span: { minMs: withinMs, maxMs: withinMs } };
}

function report(detail: string, refused = false): LinkEffect {
  return { type: 'report', refused, detail };
}
