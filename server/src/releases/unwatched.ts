import type { Facts } from './facts.ts';
import type { Next } from './next.ts';
import type { State } from './state.ts';

/**
 * What nobody watched counts neither for a soak nor for a deadline: they are moved by it. Undefined: all is accounted for.
 * While a release is paused they are moved when that ends.
 */
export function leaveOutUnwatched(state: State, { unwatchedMs, nowMs }: Facts): Next | undefined {
  const { unwatchedMs: knownMs = 0, enteredAtMs, sinceMs, pauses } = state;
  if (unwatchedMs === undefined || unwatchedMs === knownMs) return undefined;
  // A copy of a database counts anew.
  const gapMs = unwatchedMs > knownMs ? unwatchedMs - knownMs : unwatchedMs;
  const known = { ...state, unwatchedMs, watchedSinceMs: nowMs };
  if (pauses.length > 0 || gapMs === 0) return { state: known, waiting: [] };
  const move = (ms: number | undefined) => (ms === undefined ? undefined : Math.min(nowMs, ms + gapMs));
  return {
    state: { ...known, enteredAtMs: move(enteredAtMs), sinceMs: move(sinceMs) },
    decision: `No server looked after it for ${Math.round(gapMs / 1000)} s: that does not count as watched.`,
    waiting: [],
  };
}
