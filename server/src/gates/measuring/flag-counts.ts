import type { Flag } from '@bunting/core';
import type { TestSpec } from '../../evidence/test-spec.ts';
import type { ComparisonCounts } from '../../measurements/comparison-counts.ts';
import type { Increment } from '../../measurements/increments.ts';
import type { Labels } from '../../measurements/labels.ts';
import type { PathCounts } from '../../measurements/path-counts.ts';
import type { Measured } from '../../measurements/reading.ts';
import { compareBySplit, countAlone, type Sides } from '../../safeguards/arms.ts';
import { isComparing, servesBaseline } from '../../safeguards/sides.ts';
import type { Step } from '../../safeguards/step.ts';
import { readFlag } from '../../safeguards/watch.ts';
import type { GateOf, GateSubject } from '../gate.ts';
import { type CountingGate, type Counts, testOf } from '../kinds/counts.ts';
import type { Measurement, Span } from '../measurement.ts';
import { type Look, type Means, toNothing } from './look.ts';

type FlagSource = Extract<GateOf<'sequential'>['of'], { kind: 'flag' }>;
type MismatchSource = Extract<GateOf<'sequential'>['of'], { kind: 'mismatches' }>;
type ReleasedFlag = GateSubject['flags'][number];

/** What all servers' SDKs measured of one of the release's flags: its two variants, or the two versions of the deploy. */
export async function countFlag(
  gate: CountingGate,
  source: FlagSource,
  { subject }: Look,
  span: Span,
  { measurements, rulesets }: Means,
): Promise<Counts | Measurement> {
  const flag = findFlag(subject, source.flag);
  if (flag === undefined) return toNothing(span, 'error', noFlag(source.flag));
  const { traffic, environmentId } = subject;
  if (source.by === 'version' && traffic === undefined) {
    return toNothing(span, 'error', 'The release moves no traffic, so it names no versions to tell apart.');
  }
  const by = ['variant', 'path', 'rule', 'reason', 'version'] as const;
  const { paths } = await measurements.readAll({ environmentId, flag: flag.flag, ...span, by });
  const test = testOf(gate);
  const sides: Sides = {
    ...{ path: source.path ?? 'run', badPath: undefined },
    candidate: flag.candidate,
    baseline: flag.baseline,
    badAboveUs: aboveUsOf(source, test),
    thresholdsUs: test.kind === 'latency' ? test.thresholdsMs.map((ms) => ms * 1_000) : [],
  };
  const increments = paths.map((measured) => toIncrement(environmentId, flag.flag, measured));
  if (source.by === 'version' && traffic !== undefined) {
    const versions = increments.map((increment) => ({ ...increment, variant: increment.version, ...DRAWN }));
    return {
      step: toStep(
        test,
        versions,
        { ...sides, candidate: traffic.candidate, baseline: traffic.baseline },
        '',
        true,
        span,
      ),
    };
  }
  const item = rulesets.get(environmentId)?.item('flag', flag.flag);
  if (item === undefined) return toNothing(span, 'error', noFlag(flag.flag));
  const hasBaseline = servesBaseline(readFlag(item) satisfies Flag, flag.rule ?? '', flag.baseline, span.toMs);
  return { step: toStep(test, increments, sides, flag.rule ?? '', hasBaseline, span) };
}

/** A load balancer drew who gets which version: it stands for a split. */
const DRAWN = { rule: '', reason: 'SPLIT' } as const;

/** Where nothing was measured, nothing is what was counted: that is for the gate to judge. */
function toStep(
  test: TestSpec,
  increments: readonly Increment[],
  sides: Sides,
  rule: string,
  hasBaseline: boolean,
  span: Span,
): Step {
  if (isComparing(test) || (test.kind === 'crash' && hasBaseline)) {
    return compareBySplit(increments, sides, span).get(rule) ?? { ...span, candidate: [0, 0], baseline: [0, 0] };
  }
  const ofRule = increments.filter((increment) => increment.rule === rule);
  return countAlone(ofRule, sides, span, true) ?? { ...span, candidate: [0, 0] };
}

/** How often the two sides of a migration or a shadow differed. */
export async function countMismatches(
  source: MismatchSource,
  { subject }: Look,
  span: Span,
  { measurements }: Means,
): Promise<Counts | Measurement> {
  const flag = findFlag(subject, source.flag)?.flag ?? source.flag;
  if (flag === undefined) return toNothing(span, 'error', noFlag(source.flag));
  const { environmentId } = subject;
  const { comparisons } = await measurements.readAll({ environmentId, flag, ...span, by: ['path'] });
  return { step: { ...span, candidate: sumMismatches(comparisons, source.path) } };
}

/** What there was of a source's path before a release, whatever was served: how often it ran, and how often that was bad. */
export async function countUsual(
  source: FlagSource | MismatchSource,
  subject: Pick<GateSubject, 'environmentId' | 'flags'>,
  span: Span,
  { measurements }: Pick<Means, 'measurements'>,
): Promise<readonly [count: number, bad: number]> {
  const released = findFlag(subject, source.flag);
  const flag = released?.flag ?? source.flag;
  if (flag === undefined) return [0, 0];
  const { environmentId } = subject;
  const query = { environmentId, flag, ...span, by: ['path', 'rule'] as const };
  const { paths, comparisons } = await measurements.readAll(query);
  if (source.kind === 'mismatches') return sumMismatches(comparisons, source.path);
  const aboveUs = source.aboveMs === undefined ? undefined : source.aboveMs * 1_000;
  const isOf = ({ path, rule = '' }: Labels) =>
    path === (source.path ?? 'run') && (source.by === 'version' || rule === (released?.rule ?? ''));
  return paths
    .filter(({ labels }) => isOf(labels))
    .reduce<readonly [number, number]>(
      ([all, bad], measured) => {
        const { count, bad: failed, slowerThan } = toIncrement(environmentId, flag, measured);
        return [all + count, bad + (aboveUs === undefined ? failed : slowerThan(aboveUs))];
      },
      [0, 0],
    );
}

function sumMismatches(
  comparisons: readonly Measured<ComparisonCounts>[],
  path = 'read',
): readonly [compared: number, mismatched: number] {
  return comparisons
    .filter(({ labels }) => labels.path === path)
    .reduce<readonly [number, number]>(
      ([all, bad], { counts }) => [all + counts.compared, bad + counts.mismatched],
      [0, 0],
    );
}

export function findFlag({ flags }: Pick<GateSubject, 'flags'>, key: string | undefined): ReleasedFlag | undefined {
  return key === undefined ? flags[0] : flags.find(({ flag }) => flag === key);
}

export function noFlag(key: string | undefined): string {
  return key === undefined ? 'The release has no flag that could be measured.' : `The release has no flag "${key}".`;
}

/** Of a latency test the first threshold is what is told in words. */
function aboveUsOf({ aboveMs }: FlagSource, test: TestSpec): number | undefined {
  const ms = aboveMs ?? (test.kind === 'latency' ? test.thresholdsMs[0] : undefined);
  return ms === undefined ? undefined : ms * 1_000;
}

function toIncrement(environmentId: string, flag: string, { labels, counts }: Measured<PathCounts>): Increment {
  const { variant = '', rule = '', reason = '', path = '', version = '' } = labels;
  const { count, errors, timeouts, durations, failing, slices } = counts;
  const bad = Math.min(count, errors + timeouts);
  return {
    ...{ environmentId, flag, variant, rule, reason, path, version, count, bad, slices },
    // Of timeouts nobody knows for whom they were; of errors, where hosts name no subjects.
    subjects: Math.min(bad, timeouts + Math.min(errors, Math.round(failing.estimate()) || errors)),
    slowerThan: (us) => durations.countAbove(us),
  };
}
