import { type Detectable, detectable, type ExpectedTraffic } from '../evidence/detectable.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import { percent } from '../safeguards/describe.ts';
import type { Gate } from './gate.ts';
import { testOf } from './kinds/counts.ts';

/** What a gate will be shown, as it is before the release. */
export interface UsualTraffic {
  /** All that both sides will share, requests a second. */
  readonly perSecond: number;
  /** The share of them that is bad, between 0 and 1, neither of them. */
  readonly badRate: number;
}

/** A stage, or baking, as far as it matters to what can be seen. */
export interface Watched {
  /** For how long at least, in milliseconds. */
  readonly ms: number;
  /** The candidate's share of what the gate is shown, 0 to 1. */
  readonly share: number;
}

/** What a gate is worth in a stage. */
export interface Power {
  /** The least harm that will typically have been seen; undefined: none is, whatever the harm. */
  readonly sees: Detectable | undefined;
  /** Requests of the candidate in that time. */
  readonly requests: number;
  /** Such as "20 % for 10 min sees only regressions of 2.4 times and more." */
  readonly sentence: string;
}

/** What a gate can and cannot see in a stage with the traffic that there is. Pure. Undefined: it is no statistical test. */
export function powerOf(gate: Gate, { ms, share }: Watched, { perSecond, badRate }: UsualTraffic): Power | undefined {
  const test = toTest(gate, share);
  if (test === undefined) return undefined;
  const traffic: ExpectedTraffic = {
    candidatePerSecond: perSecond * share,
    baselinePerSecond: perSecond * (1 - share),
    badRate,
  };
  const requests = (traffic.candidatePerSecond * ms) / 1_000;
  const place = `${percent(share)} for ${describeMs(ms)}`;
  // Of nobody nothing is seen, and a ratio has no two sides when everyone is on one.
  const isEmpty = requests === 0 || (gate.kind === 'sample_ratio' && share >= 1);
  const sees = isEmpty ? undefined : detectable(test, traffic, ms);
  return { sees, requests, sentence: describe(gate, place, sees, requests, badRate) };
}

/** The chance that gates end a release that does no harm; those that are no tests not counted. */
export function falseAbortRisk(gates: readonly (readonly [gate: Gate, ms: number])[]): number {
  const quiet = gates.reduce((product, [gate, ms]) => product * (1 - riskOf(gate, ms)), 1);
  return 1 - quiet;
}

function riskOf(gate: Gate, ms: number): number {
  const { onFailure = 'abort', dryRun = false } = gate;
  const test = toTest(gate, 0.5);
  if (dryRun || (onFailure !== 'abort' && onFailure !== 'rollback') || test === undefined || !('alpha' in test))
    return 0;
  const periods = 'periodMs' in test && test.periodMs !== undefined ? Math.max(1, ms / test.periodMs) : 1;
  return Math.min(1, test.alpha * periods);
}

/**
 * The part of an error budget of 30 days that a stage may use up at most before it is seen: as if the candidate were as bad
 * as what just escapes. Where nothing is seen, all of the candidate's requests are bad.
 * @param objective the share of good ones that is promised
 */
export function budgetShare(
  { ms, share }: Watched,
  badRate: number,
  sees: Detectable | undefined,
  objective: number,
): number {
  const excess = (sees?.rate ?? 1) - badRate;
  return (share * Math.max(0, excess) * ms) / (BUDGET_MS * (1 - objective));
}

const BUDGET_MS = 30 * 24 * 60 * 60 * 1_000;

/** The test with what the stage says of it. */
function toTest(gate: Gate, share: number): TestSpec | undefined {
  if (gate.kind !== 'sequential' && gate.kind !== 'burn_rate' && gate.kind !== 'sample_ratio') return undefined;
  return testOf(gate, Math.min(0.999, Math.max(0.001, share)));
}

function describe(gate: Gate, place: string, sees: Detectable | undefined, requests: number, badRate: number): string {
  const seen = `${Math.round(requests)} requests`;
  if (sees === undefined)
    return `${place} sees nothing: in ${seen} no harm would show. Watch for longer, or expose more.`;
  if (gate.kind === 'sample_ratio') {
    return `${place} sees only when the candidate gets ${percent(sees.ratio)} or less of its share (${seen}).`;
  }
  const times = Number(sees.ratio.toPrecision(2));
  return `${place} sees only regressions of ${times} times and more: ${percent(sees.rate)} bad instead of ${percent(badRate)} (${seen}).`;
}

function describeMs(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  return ms < 2 * 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Number((ms / 3_600_000).toPrecision(2))} h`;
}
