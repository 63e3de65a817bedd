import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** Whoever made the data that this server passes on: itself, or what a relay gets its rulesets from. */
export interface Origin {
  /** The origin's clock, milliseconds since 1970, UTC. */
  nowMs(): number;
  /** How long ago, in milliseconds, the origin confirmed that the ruleset is the newest; 0 at the origin. */
  dataAgeMs(ruleset: LiveRuleset): number;
}

/** What the header of a message with flags says of their origin. */
export function stampOf(origin: Origin, ruleset: LiveRuleset): { timeMs: number; dataAgeMs?: number } {
  const timeMs = origin.nowMs();
  const dataAgeMs = Math.round(origin.dataAgeMs(ruleset));
  return dataAgeMs > 0 ? { timeMs, dataAgeMs } : { timeMs };
}
