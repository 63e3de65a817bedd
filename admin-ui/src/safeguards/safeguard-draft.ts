import { t } from '@lingui/core/macro';
import type { Safeguard, SafeguardBody, SafeguardTest } from '../api/types.ts';
import type { FormErrors } from '../ui/form-errors.ts';
import { toPercent, toShare } from './percent.ts';

type Metric = Safeguard['metric'];
type MetricKind = Metric['kind'];
type TestKind = SafeguardTest['kind'];
type PathName = NonNullable<Extract<Metric, { kind: 'errors' }>['path']>;

/** A safeguard as it is typed. Shares are in percent; fields of what is not chosen keep what they had. */
export interface SafeguardDraft {
  readonly name: string;
  readonly watchBy: 'flag' | 'tag' | 'measured';
  readonly flag: string;
  readonly tag: string;
  readonly metric: MetricKind;
  readonly path: PathName;
  readonly aboveMs: number;
  readonly compared: 'read' | 'shadow';
  readonly badEvent: string;
  readonly goodEvent: string;
  readonly event: string;
  readonly above: number;
  readonly source: string;
  readonly candidateTotal: string;
  readonly candidateBad: string;
  readonly baselineTotal: string;
  readonly baselineBad: string;
  readonly stepSeconds: number;
  readonly test: TestKind;
  readonly alphaPercent: number;
  readonly tolerance: number;
  readonly atMostPercent: number;
  readonly thresholds: string;
  readonly objectivePercent: number;
  readonly profile: Extract<SafeguardTest, { kind: 'burn_rate' }>['profile'];
  /** Days; empty: alpha is for its whole life. */
  readonly periodDays: string;
  /** What nothing here changes: kept as it was. */
  readonly unit?: Extract<SafeguardTest, { kind: 'relative_risk' }>['unit'];
  readonly testStepMs?: Extract<SafeguardTest, { kind: 'placebo_rank' }>['stepMs'];
  readonly candidate: string;
  readonly baseline: string;
  readonly deployBy: 'all' | 'newest' | 'version';
  readonly version: string;
  readonly action: Safeguard['action'];
  readonly mode: Safeguard['mode'];
}

/** Which tests there are for what is measured, the usual one first. */
export const testsFor: Readonly<Record<MetricKind, readonly [TestKind, ...TestKind[]]>> = {
  errors: ['crash', 'relative_risk', 'placebo_rank', 'ceiling', 'burn_rate'],
  latency: ['latency', 'relative_risk', 'crash', 'ceiling', 'burn_rate'],
  mismatches: ['ceiling', 'burn_rate'],
  events: ['relative_risk', 'crash', 'placebo_rank', 'ceiling', 'burn_rate'],
  values: ['relative_risk', 'crash', 'ceiling', 'burn_rate'],
  exposures: ['sample_ratio'],
  prometheus: ['relative_risk', 'crash', 'ceiling', 'burn_rate'],
};

/** Nothing is done before someone arms it. */
const empty: SafeguardDraft = {
  ...{ name: '', watchBy: 'flag', flag: '', tag: '' },
  ...{ metric: 'errors', path: 'run', aboveMs: 500, compared: 'shadow' },
  ...{ badEvent: '', goodEvent: '', event: '', above: 1 },
  ...{ source: '', candidateTotal: '', candidateBad: '', baselineTotal: '', baselineBad: '', stepSeconds: 15 },
  ...{ test: 'crash', alphaPercent: 0.01, tolerance: 1, atMostPercent: 5, thresholds: '100, 500, 2000' },
  ...{ objectivePercent: 99.9, profile: 'release', periodDays: '1' },
  ...{ candidate: '', baseline: '', deployBy: 'all', version: '' },
  ...{ action: 'notify', mode: 'dry_run' },
};

const dayMs = 24 * 60 * 60_000;

/** @param safeguard the one to edit; without it: a new one @param flag that is watched, of a new one */
export function draftOf(safeguard: Safeguard | undefined, flag = ''): SafeguardDraft {
  if (safeguard === undefined) return { ...empty, flag };
  const { name, watch, metric, test, candidate = '', baseline = '', deploy, action, mode } = safeguard;
  return {
    ...empty,
    ...{ name, action, mode, candidate, baseline },
    ...('flag' in watch
      ? { watchBy: 'flag', flag: watch.flag }
      : 'tag' in watch
        ? { watchBy: 'tag', tag: watch.tag }
        : { watchBy: 'measured' }),
    ...draftMetric(metric),
    ...draftTest(test),
    ...(deploy === undefined
      ? {}
      : 'newest' in deploy
        ? { deployBy: 'newest' }
        : { deployBy: 'version', version: deploy.version }),
  };
}

function draftMetric(metric: Metric): Partial<SafeguardDraft> {
  const { kind } = metric;
  switch (kind) {
    case 'errors':
      return { metric: kind, path: metric.path ?? 'run' };
    case 'latency':
      return { metric: kind, path: metric.path ?? 'run', aboveMs: metric.aboveMs ?? empty.aboveMs };
    case 'mismatches':
      return { metric: kind, compared: metric.path };
    case 'events':
      return { metric: kind, badEvent: metric.bad, goodEvent: metric.good };
    case 'values':
      return { metric: kind, event: metric.event, above: metric.above };
    case 'exposures':
      return { metric: kind };
    case 'prometheus':
      return {
        ...{ metric: kind, source: metric.source, stepSeconds: (metric.stepMs ?? 15_000) / 1_000 },
        ...{ candidateTotal: metric.candidate.total, candidateBad: metric.candidate.bad },
        ...{ baselineTotal: metric.baseline?.total ?? '', baselineBad: metric.baseline?.bad ?? '' },
      };
  }
}

function draftTest(test: SafeguardTest): Partial<SafeguardDraft> {
  const periodMs = 'periodMs' in test ? test.periodMs : undefined;
  return {
    test: test.kind,
    periodDays: periodMs === undefined ? '' : String(periodMs / dayMs),
    ...('alpha' in test && { alphaPercent: toPercent(test.alpha) }),
    ...('tolerance' in test && { tolerance: test.tolerance }),
    ...('atMost' in test && { atMostPercent: toPercent(test.atMost) }),
    ...('thresholdsMs' in test && { thresholds: test.thresholdsMs.join(', ') }),
    ...('objective' in test && { objectivePercent: toPercent(test.objective), profile: test.profile }),
    ...('unit' in test && test.unit && { unit: test.unit }),
    ...('stepMs' in test && test.stepMs && { testStepMs: test.stepMs }),
  };
}

/** Reads what was typed: what to send, or what is wrong, by its place as the server names it. */
export function checkSafeguard(
  draft: SafeguardDraft,
): { ok: true; ready: SafeguardBody & { mode: Safeguard['mode'] } } | { ok: false; errors: FormErrors } {
  const errors: Record<string, string> = {};
  const need = (path: string, text: string, message: string) => {
    if (text.trim() === '') errors[path] = message;
  };
  need('name', draft.name, t`Name it after the harm, such as “Checkout fails”.`);
  if (draft.watchBy === 'flag') need('watch.flag', draft.flag, t`Choose a flag.`);
  if (draft.watchBy === 'tag') need('watch.tag', draft.tag, t`Enter the tag of the flags.`);
  if (draft.metric === 'events') {
    need('metric.bad', draft.badEvent, t`Enter the event that is bad, such as checkout.failed.`);
    need('metric.good', draft.goodEvent, t`Enter the event that is good, such as checkout.done.`);
  }
  if (draft.metric === 'values') need('metric.event', draft.event, t`Enter the event whose values count.`);
  if (draft.metric === 'prometheus') {
    need('metric.source', draft.source, t`Choose a data source.`);
    need('metric.candidate.total', draft.candidateTotal, t`Say how much happened in a step.`);
    need('metric.candidate.bad', draft.candidateBad, t`Say how much of it was bad.`);
  }
  if (draft.deployBy === 'version') need('deploy', draft.version, t`Enter the version, such as 2.0.1.`);
  if (draft.test === 'latency' && thresholdsOf(draft).length === 0) {
    errors['test.thresholdsMs'] = t`Enter milliseconds, such as 100, 500, 2000.`;
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return {
    ok: true,
    ready: {
      ...{ name: draft.name.trim(), action: draft.action, mode: draft.mode },
      watch: watchOf(draft),
      metric: metricOf(draft),
      test: testOf(draft),
      ...(draft.candidate !== '' && { candidate: draft.candidate.trim() }),
      ...(draft.baseline !== '' && { baseline: draft.baseline.trim() }),
      ...(draft.deployBy === 'newest' && { deploy: { newest: true as const } }),
      ...(draft.deployBy === 'version' && { deploy: { version: draft.version.trim() } }),
    },
  };
}

function watchOf({ watchBy, flag, tag }: SafeguardDraft): Safeguard['watch'] {
  if (watchBy === 'measured') return { measured: true };
  return watchBy === 'flag' ? { flag } : { tag: tag.trim() };
}

function metricOf(draft: SafeguardDraft): Metric {
  const { metric: kind, path } = draft;
  switch (kind) {
    case 'errors':
      return { kind, path };
    case 'latency':
      return draft.test === 'latency' ? { kind, path } : { kind, path, aboveMs: draft.aboveMs };
    case 'mismatches':
      return { kind, path: draft.compared };
    case 'events':
      return { kind, bad: draft.badEvent.trim(), good: draft.goodEvent.trim() };
    case 'values':
      return { kind, event: draft.event.trim(), above: draft.above };
    case 'exposures':
      return { kind };
    case 'prometheus': {
      const hasBaseline = draft.baselineTotal.trim() !== '' || draft.baselineBad.trim() !== '';
      return {
        ...{ kind, source: draft.source, stepMs: draft.stepSeconds * 1_000 },
        candidate: { total: draft.candidateTotal, bad: draft.candidateBad },
        ...(hasBaseline && { baseline: { total: draft.baselineTotal, bad: draft.baselineBad } }),
      };
    }
  }
}

/** How it is judged, as far as it is typed. */
export function testOf(draft: SafeguardDraft): SafeguardTest {
  const { test: kind, tolerance, periodDays } = draft;
  const alpha = toShare(draft.alphaPercent);
  const atMost = toShare(draft.atMostPercent);
  const lasting = { alpha, ...(periodDays !== '' && { periodMs: Math.round(Number(periodDays) * dayMs) }) };
  switch (kind) {
    case 'crash':
    case 'ceiling':
      return { kind, ...lasting, atMost };
    case 'relative_risk':
      return { kind, ...lasting, tolerance, ...(draft.unit && { unit: draft.unit }) };
    case 'placebo_rank':
      return { kind, ...lasting, ...(draft.testStepMs && { stepMs: draft.testStepMs }) };
    case 'latency':
      return { kind, ...lasting, tolerance, thresholdsMs: thresholdsOf(draft) };
    case 'burn_rate':
      return { kind, objective: toShare(draft.objectivePercent), profile: draft.profile };
    case 'sample_ratio':
      return { kind, alpha };
  }
}

/** Ascending; nothing where one is no number above 0. */
function thresholdsOf({ thresholds }: SafeguardDraft): number[] {
  const read = thresholds.split(/[\s,;]+/).flatMap((text) => (text === '' ? [] : [Number(text)]));
  return read.every((ms) => ms > 0) ? read.sort((a, b) => a - b) : [];
}

/** A test that goes with what is measured: the one that was chosen, where it does. */
export function withMetric(draft: SafeguardDraft, metric: MetricKind): Partial<SafeguardDraft> {
  const tests = testsFor[metric];
  const test = tests.includes(draft.test) ? draft.test : tests[0];
  // Who gets which variant harms nobody: the server refuses more.
  const isMild = draft.action === 'notify' || draft.action === 'pause';
  return { metric, test, ...(metric === 'exposures' && !isMild && { action: 'notify' }) };
}
