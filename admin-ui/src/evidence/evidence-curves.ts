import type { Gate } from '../api/types.ts';
import { formatNumber } from '../ui/format.ts';

type Values = readonly (number | null)[];

/** One look of a gate or a safeguard, or several put together; what it does not have was not measured. */
export interface EvidencePoint {
  readonly from: string;
  readonly to: string;
  readonly candidate?: Arm | undefined;
  readonly baseline?: Arm | undefined;
  /** Between what shares of bad ones the baseline lies against itself. */
  readonly placebo?: { readonly low: number; readonly high: number } | undefined;
  /** ln of the evidence after it. */
  readonly logE?: number | undefined;
  readonly value?: number | undefined;
  readonly baselineValue?: number | undefined;
  /** Why there is no data. */
  readonly reason?: string | undefined;
  readonly verdict?: string | undefined;
}

interface Arm {
  readonly count: number;
  readonly bad: number;
}

/** What a chart of evidence shows; each list has one value for each of the times, null where there is none. */
export interface EvidenceCurves {
  /** Milliseconds since 1970, UTC: the ends of the looks. */
  readonly times: readonly number[];
  /** Shares of bad ones, 0 to 1. */
  readonly shares?: {
    readonly candidate: Values;
    readonly baseline: Values;
    readonly placebo: { readonly low: Values; readonly high: Values } | undefined;
    readonly max: number;
  };
  /** Evidence of harm as the decimal logarithm of the e-value, with the line at which it has failed. */
  readonly evidence?: {
    readonly values: Values;
    readonly line: number | undefined;
    readonly min: number;
    readonly max: number;
  };
  /** Numbers with the bounds within which they are to be. */
  readonly numbers?: {
    readonly candidate: Values;
    readonly baseline: Values;
    readonly bounds: readonly number[];
    readonly min: number;
    readonly max: number;
  };
}

/** Evidence below this (an e-value of 0.001) is drawn here: that much against harm is all the same. */
const leastEvidence = -3;

interface Looks {
  /** Which gate looked; undefined: a safeguard did. */
  readonly gate?: Gate;
  readonly points: readonly EvidencePoint[];
  readonly threshold: number | null;
}

/** The curves of what was looked at, by what the looks have. What only asks and hears yes or no has none. */
export function curvesOf({ gate, points, threshold }: Looks): EvidenceCurves {
  const of = (read: (point: EvidencePoint) => number | undefined): Values => points.map((point) => read(point) ?? null);
  const times = points.map(({ to }) => Date.parse(to));
  const candidate = of((point) => badShare(point.candidate));
  const numbers = of(({ value }) => value);
  const evidence = of(({ logE }) => (logE === undefined ? undefined : Math.max(leastEvidence, logE / Math.LN10)));
  const line = threshold === null ? undefined : threshold / Math.LN10;
  return {
    times,
    ...(isAny(candidate) && { shares: sharesOf(candidate, of) }),
    ...(isAny(evidence) && {
      evidence: {
        ...{ values: evidence, line },
        min: Math.min(-0.5, ...known(evidence)),
        max: Math.max(0.5, (line ?? 0) * 1.15, ...known(evidence)) * 1.05,
      },
    }),
    ...(isAny(numbers) && { numbers: numbersOf(gate, numbers, of) }),
  };
}

type Read = (read: (point: EvidencePoint) => number | undefined) => Values;

function sharesOf(candidate: Values, of: Read): NonNullable<EvidenceCurves['shares']> {
  const baseline = of((point) => badShare(point.baseline));
  const [low, high] = [of(({ placebo }) => placebo?.low), of(({ placebo }) => placebo?.high)];
  const max = Math.max(0.001, ...known(candidate), ...known(baseline), ...known(high));
  return { candidate, baseline, placebo: isAny(high) ? { low, high } : undefined, max: Math.min(1, max * 1.15) };
}

function numbersOf(gate: Gate | undefined, candidate: Values, of: Read): NonNullable<EvidenceCurves['numbers']> {
  const baseline = of(({ baselineValue }) => baselineValue);
  // With a baseline the bounds are of the relation of both, which has another scale.
  const isBounded = gate?.kind === 'prometheus' && gate.baseline === undefined;
  const bounds = isBounded ? [gate.atLeast, gate.atMost].filter((bound) => bound !== undefined) : [];
  const all = [...known(candidate), ...known(baseline), ...bounds];
  const max = Math.max(...all);
  return { candidate, baseline, bounds, min: Math.min(0, ...all), max: max > 0 ? max * 1.15 : 1 };
}

/** Undefined: nobody came. */
export function badShare(side: Arm | undefined): number | undefined {
  return side === undefined || side.count === 0 ? undefined : side.bad / side.count;
}

/** An e-value from its decimal logarithm: `0.001`, `3.2`, `100`, `1e+12`. */
export function formatEvidence(log10: number): string {
  if (Math.abs(log10) >= 5) return `1e${log10 < 0 ? '−' : '+'}${Math.round(Math.abs(log10))}`;
  const value = Number((10 ** log10).toPrecision(2));
  return value < 1_000 ? String(value) : formatNumber(value);
}

function known(values: Values): readonly number[] {
  return values.filter((value) => value !== null);
}

function isAny(values: Values): boolean {
  return values.some((value) => value !== null);
}
