import type { Increment } from '../measurements/increments.ts';
import { addPairs, type Pair, type Step, toTriples } from './step.ts';

/** What is looked at, of all that was counted of a flag. */
export interface Sides {
  /** Such as `run`. */
  readonly path: string;
  /** The variant that is looked at. */
  readonly candidate: string;
  /** The one that it is compared with. */
  readonly baseline: string;
  /** What took longer is bad, in microseconds. Undefined: what failed is bad. */
  readonly badAboveUs: number | undefined;
  /** How often it took longer than each of these is counted, too, in microseconds. */
  readonly thresholdsUs: readonly number[];
}

export type Span = Pick<Step, 'fromMs' | 'toMs'>;

/** Not served by anyone's choice: killed, the caller's default, an error. */
const NO_CHOICE: ReadonlySet<string> = new Set(['DISABLED', 'ERROR']);

/**
 * What each rule's split gave the two variants, by id of the rule (empty: the default rule). A split's subjects differ by
 * nothing but the draw, so they alone can be compared, and each rule's only with each other.
 */
export function compareBySplit(increments: readonly Increment[], sides: Sides, span: Span): Map<string, Step> {
  const steps = new Map<string, Step>();
  const chosen = increments.filter(({ path, reason }) => path === sides.path && reason === 'SPLIT');
  for (const rule of new Set(chosen.map((increment) => increment.rule))) {
    const ofRule = chosen.filter((increment) => increment.rule === rule);
    const candidate = ofRule.filter(({ variant }) => variant === sides.candidate);
    const baseline = ofRule.filter(({ variant }) => variant === sides.baseline);
    if (candidate.length > 0 || baseline.length > 0) steps.set(rule, toStep(span, sides, candidate, baseline));
  }
  return steps;
}

/**
 * The candidate on its own, whoever it was served to and by whatever rule; undefined when it was served to nobody.
 * @param withSplits false: leaves out what a split chose
 */
export function countAlone(
  increments: readonly Increment[],
  sides: Sides,
  span: Span,
  withSplits: boolean,
): Step | undefined {
  const candidate = increments.filter(
    ({ path, variant, reason }) =>
      path === sides.path &&
      variant === sides.candidate &&
      !NO_CHOICE.has(reason) &&
      (withSplits || reason !== 'SPLIT'),
  );
  return candidate.length === 0 ? undefined : toStep(span, sides, candidate, undefined);
}

function toStep(
  { fromMs, toMs }: Span,
  { badAboveUs, thresholdsUs }: Sides,
  candidate: readonly Increment[],
  baseline: readonly Increment[] | undefined,
): Step {
  const step = { fromMs, toMs, candidate: countPair(candidate, badAboveUs) };
  if (baseline === undefined) return step;
  const [candidateSlices, baselineSlices] = [countSlices(candidate), countSlices(baseline)];
  const hasSlices = candidateSlices.length > 0 || baselineSlices.length > 0;
  return {
    ...step,
    baseline: countPair(baseline, badAboveUs),
    ...(hasSlices ? { candidateSlices, baselineSlices } : {}),
    ...(thresholdsUs.length === 0
      ? {}
      : {
          slower: thresholdsUs.map((us): readonly [Pair, Pair] => [countPair(candidate, us), countPair(baseline, us)]),
        }),
  };
}

function countPair(increments: readonly Increment[], badAboveUs: number | undefined): Pair {
  let count = 0;
  let bad = 0;
  for (const increment of increments) {
    count += increment.count;
    bad += badAboveUs === undefined ? increment.bad : Math.max(0, increment.slowerThan(badAboveUs));
  }
  return [count, Math.min(bad, count)];
}

/** Triples of slice, count and bad. */
function countSlices(increments: readonly Increment[]): number[] {
  const sums = new Map<number, Pair>();
  for (const { slices } of increments) {
    for (const { slice, count, errors } of slices) {
      sums.set(slice, addPairs(sums.get(slice) ?? [0, 0], [count, Math.min(errors, count)]));
    }
  }
  return toTriples(sums);
}
