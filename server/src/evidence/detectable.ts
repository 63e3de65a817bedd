import { expectedBurnMs } from './burn-rate.ts';
import { CEILING_HARMS, ratesAbove } from './ceiling.ts';
import { CRASH_HARMS, crashRates } from './crash.ts';
import { thresholdOf } from './e-process.ts';
import { InvalidEvidence } from './invalid-evidence.ts';
import { DEFAULT_STEP_MS, PLACEBO_HARMS } from './placebo-rank.ts';
import { describeUnits } from './placebo-units.ts';
import { RELATIVE_HARMS, shareOfBad } from './relative.ts';
import { expectedOf, ODDS } from './sample-ratio.ts';
import type { SpecOf, TestSpec } from './test-spec.ts';

/** What a test will be shown, as far as it is known beforehand. */
export interface ExpectedTraffic {
  /** Requests a second; of sample ratios, first exposures. */
  readonly candidatePerSecond: number;
  /** 0 where there is nothing to compare with. */
  readonly baselinePerSecond: number;
  /** The share that is bad when nothing is harmed, between 0 and 1, neither of them: a share of 0 was not measured long enough. */
  readonly badRate: number;
}

export interface Detectable {
  /** The candidate's share of bad ones; of sample ratios, its share of subjects. */
  readonly rate: number;
  /** So many times what it is without harm. */
  readonly ratio: number;
  /** Of the candidate, until it is seen. */
  readonly requests: number;
}

/**
 * The smallest harm that will have been seen, typically, after this time: what a safeguard is worth with the traffic that
 * there is. Theory, to a third or so of the time: log E must grow to 1 / alpha and what the alternatives cost, and grows
 * by the divergence between what is and what should be.
 * @returns undefined when nothing is seen in time, whatever the harm
 * @throws {InvalidEvidence}
 */
export function detectable(spec: TestSpec, traffic: ExpectedTraffic, withinMs: number): Detectable | undefined {
  const { candidatePerSecond, baselinePerSecond } = traffic;
  if (!(candidatePerSecond >= 0 && baselinePerSecond >= 0 && Number.isFinite(candidatePerSecond + baselinePerSecond))) {
    throw new InvalidEvidence('traffic must be 0 or more requests a second');
  }
  if (spec.kind === 'sample_ratio') return detectableShare(spec, traffic, withinMs);
  const { badRate } = traffic;
  if (!(badRate > 0 && badRate < 1)) throw new InvalidEvidence(`badRate must be between 0 and 1, not ${badRate}`);
  const isSeen = (rate: number) => expectedMs(spec, traffic, rate, withinMs) <= withinMs;
  if (!isSeen(1)) return undefined;
  const rate = findSmallest(badRate, 1, isSeen);
  return { rate, ratio: rate / badRate, requests: (candidatePerSecond * withinMs) / 1_000 };
}

/** How long it takes, typically, to see that the candidate has such a share of bad ones; Infinity: for ever. */
function expectedMs(
  spec: Exclude<TestSpec, { kind: 'sample_ratio' }>,
  traffic: ExpectedTraffic,
  rate: number,
  withinMs: number,
): number {
  const { candidatePerSecond, baselinePerSecond } = traffic;
  if (spec.kind === 'burn_rate') return candidatePerSecond > 0 ? expectedBurnMs(spec, rate) : Number.POSITIVE_INFINITY;
  const line = lineOf(spec, withinMs);
  switch (spec.kind) {
    case 'relative_risk':
      return line(RELATIVE_HARMS.length, relativeGrowth(RELATIVE_HARMS, spec.tolerance, traffic, rate));
    case 'latency': {
      // The harm may show at one threshold only.
      const alternatives = RELATIVE_HARMS.length * spec.thresholdsMs.length;
      return line(alternatives, relativeGrowth(RELATIVE_HARMS, spec.tolerance, traffic, rate));
    }
    case 'crash': {
      const growth =
        baselinePerSecond > 0
          ? relativeGrowth(CRASH_HARMS, 1, traffic, rate)
          : candidatePerSecond * growthAgainst(crashRates(spec.atMost), spec.atMost, rate);
      return line(CRASH_HARMS.length, growth);
    }
    case 'ceiling': {
      const rates = ratesAbove(spec.atMost, CEILING_HARMS);
      return line(rates.length, candidatePerSecond * growthAgainst(rates, spec.atMost, rate));
    }
    case 'placebo_rank':
      return line(PLACEBO_HARMS.length, placeboGrowth(spec, traffic, rate));
  }
}

/** How long log E takes to its line at a growth in nats a second. */
function lineOf({ alpha, periodMs = 0 }: { alpha: number; periodMs?: number }, withinMs: number) {
  // Harm that begins late has had as much of a fresh start as it takes to see it.
  const lateStart = Math.log(Math.max(1, periodMs / withinMs));
  return (alternatives: number, perSecond: number): number => {
    if (perSecond <= 0) return Number.POSITIVE_INFINITY;
    return ((thresholdOf(alpha) + Math.log(alternatives) + lateStart) / perSecond) * 1_000;
  };
}

/** Nats a second of the alternative that fits best. */
function relativeGrowth(harms: readonly number[], tolerance: number, traffic: ExpectedTraffic, rate: number): number {
  const { candidatePerSecond, baselinePerSecond, badRate } = traffic;
  if (candidatePerSecond === 0 || baselinePerSecond === 0) return 0;
  const share = candidatePerSecond / (candidatePerSecond + baselinePerSecond);
  const badPerSecond = candidatePerSecond * rate + baselinePerSecond * badRate;
  const seen = (candidatePerSecond * rate) / badPerSecond;
  const alternatives = harms.map((harm) => shareOfBad(share, tolerance * harm));
  return badPerSecond * growthAgainst(alternatives, shareOfBad(share, tolerance), seen);
}

/** Nats for each event of which such a share is seen where another is expected, under the best of the alternatives. */
function growthAgainst(alternatives: readonly number[], expected: number, seen: number): number {
  return Math.max(
    ...alternatives.map(
      (each) => seen * Math.log(each / expected) + (1 - seen) * Math.log((1 - each) / (1 - expected)),
    ),
  );
}

function placeboGrowth(
  { stepMs = DEFAULT_STEP_MS }: SpecOf<'placebo_rank'>,
  { candidatePerSecond, baselinePerSecond, badRate }: ExpectedTraffic,
  rate: number,
): number {
  const units = describeUnits(candidatePerSecond, baselinePerSecond);
  if (units === undefined || rate <= badRate) return 0;
  const perUnit = (units.candidateWidth / 100) * candidatePerSecond * (stepMs / 1_000);
  const [candidates, baselines] = [Math.floor(100 / units.candidateWidth), Math.floor(100 / units.baselineWidth)];
  // Of all lines above which a unit is among the worst, the one that tells the two arms apart best.
  let growth = 0;
  for (let line = 0; line <= perUnit * rate; line++) {
    const harmed = chanceAbove(line, perUnit * rate);
    const usual = chanceAbove(line, perUnit * badRate);
    const all = (candidates * harmed + baselines * usual) / (candidates + baselines);
    growth = Math.max(growth, candidates * divergence(harmed, all) + baselines * divergence(usual, all));
  }
  return growth / (stepMs / 1_000);
}

/** That a Poisson number with this mean is more than `line`. */
function chanceAbove(line: number, mean: number): number {
  let term = Math.exp(-mean);
  let below = term;
  for (let each = 1; each <= line; each++) {
    term *= mean / each;
    below += term;
  }
  return Math.max(0, 1 - below);
}

/** Of a coin with one chance from a coin with another, in nats. */
function divergence(chance: number, from: number): number {
  const part = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return part(chance, from) + part(1 - chance, 1 - from);
}

function detectableShare(
  spec: SpecOf<'sample_ratio'>,
  { candidatePerSecond, baselinePerSecond }: ExpectedTraffic,
  withinMs: number,
): Detectable | undefined {
  const perSecond = candidatePerSecond + baselinePerSecond;
  const expected = expectedOf(spec);
  const alternatives = ODDS.map((odds) => shareOfBad(expected, odds));
  const isSeen = (loss: number) => {
    const growth = perSecond * growthAgainst(alternatives, expected, expected * (1 - loss));
    return lineOf({ alpha: spec.alpha }, withinMs)(ODDS.length, growth) <= withinMs;
  };
  if (!isSeen(1)) return undefined;
  const ratio = 1 - findSmallest(0, 1, isSeen);
  return { rate: expected * ratio, ratio, requests: (perSecond * ratio * expected * withinMs) / 1_000 };
}

/** The smallest number between two from which on it is so, to a thousandth. */
function findSmallest(from: number, to: number, isSo: (value: number) => boolean): number {
  let [below, above] = [from, to];
  while (above - below > above / 1_000) {
    const middle = (below + above) / 2;
    if (isSo(middle)) above = middle;
    else below = middle;
  }
  return above;
}
