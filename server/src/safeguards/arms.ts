import type { Increment } from '../measurements/increments.ts';
import { addPairs, type Pair, type Step, toTriples } from './step.ts';

/** What is looked at, of all that was counted of a flag. */
export interface Sides {
  /** Such as `run`. */
  readonly path: string;
  /** Of events: all of these count too, and are bad. */
  readonly badPath: string | undefined;
  /** The variant that is looked at. */
  readonly candidate: string;
  /** The one that it is compared with. */
  readonly baseline: string;
  /** Only what this version of the deploy measured; or, where others run beside it, that version compared with them. */
  readonly deploy?: { readonly version: string; readonly isCompared: boolean };
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
  const chosen = increments.filter((increment) => isOf(increment, sides) && increment.reason === 'SPLIT');
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
    (increment) => isOf(increment, sides) && isChosen(increment, sides) && (withSplits || increment.reason !== 'SPLIT'),
  );
  return candidate.length === 0 ? undefined : toStep(span, sides, candidate, undefined);
}

/**
 * The candidate in one version of the deploy, and in the others that ran beside it; undefined when it was served to nobody. No
 * draw told their subjects apart, but whatever sends them to this instance or that one.
 */
export function compareVersions(increments: readonly Increment[], sides: Sides, span: Span): Step | undefined {
  const served = increments.filter((increment) => isOf(increment, sides) && isChosen(increment, sides));
  const isInVersion = ({ version }: Increment) => version === sides.deploy?.version;
  const others = served.filter((increment) => !isInVersion(increment));
  return served.length === 0 ? undefined : toStep(span, sides, served.filter(isInVersion), others);
}

function isChosen({ variant, reason }: Increment, { candidate }: Sides): boolean {
  return variant === candidate && !NO_CHOICE.has(reason);
}

function toStep(
  { fromMs, toMs }: Span,
  { badPath, badAboveUs, thresholdsUs }: Sides,
  candidate: readonly Increment[],
  baseline: readonly Increment[] | undefined,
): Step {
  const step = { fromMs, toMs, candidate: countPair(candidate, badAboveUs, badPath) };
  if (baseline === undefined) return step;
  const [candidateSlices, baselineSlices] = [countSlices(candidate, badPath), countSlices(baseline, badPath)];
  const hasSlices = candidateSlices.length > 0 || baselineSlices.length > 0;
  return {
    ...step,
    baseline: countPair(baseline, badAboveUs, badPath),
    ...(hasSlices ? { candidateSlices, baselineSlices } : {}),
    ...(thresholdsUs.length === 0
      ? {}
      : {
          slower: thresholdsUs.map((us): readonly [Pair, Pair] => [countPair(candidate, us), countPair(baseline, us)]),
        }),
  };
}

function isOf({ path, version }: Increment, { path: looked, badPath, deploy }: Sides): boolean {
  if (deploy !== undefined && !deploy.isCompared && deploy.version !== version) return false;
  return path === looked || path === badPath;
}

function countPair(increments: readonly Increment[], badAboveUs: number | undefined, badPath?: string): Pair {
  let count = 0;
  let bad = 0;
  let subjects = 0;
  for (const increment of increments) {
    count += increment.count;
    if (increment.path === badPath) bad += increment.count;
    else bad += badAboveUs === undefined ? increment.bad : Math.max(0, increment.slowerThan(badAboveUs));
    subjects += increment.subjects;
  }
  // Of what is slow, and of events, nobody counts for whom.
  return badAboveUs === undefined && badPath === undefined ? [count, bad, subjects] : [count, Math.min(bad, count)];
}

/** Triples of slice, count and bad. */
function countSlices(increments: readonly Increment[], badPath: string | undefined): number[] {
  const sums = new Map<number, Pair>();
  for (const { path, slices } of increments) {
    for (const { slice, count, errors } of slices) {
      sums.set(slice, addPairs(sums.get(slice) ?? [0, 0], [count, path === badPath ? count : Math.min(errors, count)]));
    }
  }
  return toTriples(sums);
}
