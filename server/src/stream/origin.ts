import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** Whoever made the data that this server passes on: itself, or what a relay gets its rulesets from. */
export interface Origin {
  /** The origin's clock, milliseconds since 1970, UTC. */
  nowMs(): number;
  /**
   * How long ago, in milliseconds, the origin confirmed that the ruleset is the newest; 0 at the origin, unless it shares its
   * database with others and has lost it.
   */
  dataAgeMs(ruleset: LiveRuleset): number;
  /** How long ago, in milliseconds, the origin looked after what is leased in the ruleset. */
  vouchAgeMs(ruleset: LiveRuleset): number;
}

interface Ages {
  readonly dataAgeMs: number;
  /** Absent: as `dataAgeMs`. */
  readonly vouchAgeMs?: number;
}

/** What the header of a message with flags says of their origin. */
export function stampOf(origin: Origin, ruleset: LiveRuleset): { timeMs: number } & Partial<Ages> {
  const timeMs = origin.nowMs();
  const { dataAgeMs, ...more } = agesOf(origin, ruleset);
  return dataAgeMs > 0 ? { timeMs, dataAgeMs, ...more } : { timeMs, ...more };
}

/** In whole milliseconds. */
export function agesOf(origin: Origin, ruleset: LiveRuleset): Ages {
  const dataAgeMs = Math.round(origin.dataAgeMs(ruleset));
  const vouchAgeMs = Math.round(origin.vouchAgeMs(ruleset));
  return vouchAgeMs > dataAgeMs ? { dataAgeMs, vouchAgeMs } : { dataAgeMs };
}
