import type { Static } from '@sinclair/typebox';
import { notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { ComparisonCountText } from './comparison-counts.ts';
import { ComparisonCounts } from './comparison-counts.ts';
import type { InstallationMeasurements } from './installation-measurements.ts';
import { type Dimension, keyOf, type Labels } from './labels.ts';
import { INSTANCE_STEP_MS, KEPT_MS } from './measurements.ts';
import { PathCounts } from './path-counts.ts';
import type { Measured } from './reading.ts';
import type { ComparisonSeriesSchema, MeasurementsQuery, MeasurementsSchema, PathSeriesSchema } from './schemas.ts';

type MeasurementsView = Static<typeof MeasurementsSchema>;
type Asked = Static<typeof MeasurementsQuery>;
type By = NonNullable<Asked['by']>;

/** Unless asked otherwise: about so many. */
const USUAL_STEPS = 60;
/** What people read well, in seconds. */
const USUAL_STEPS_S = [1, 5, 15, 60, 300, 900, 3_600];

const DIMENSIONS_OF: Readonly<Record<By, readonly Dimension[]>> = {
  variant: ['variant', 'path'],
  rule: ['variant', 'path', 'rule', 'reason'],
  version: ['variant', 'path', 'version'],
  instance: ['variant', 'path', 'instance'],
};

/** Where measurements are asked about. */
export interface MeasuredPlace {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
}

/** Measurements as the API shows them: of all servers together, and from memory alone. */
export class MeasurementViews {
  readonly #rulesets: Rulesets;
  readonly #installation: InstallationMeasurements;

  constructor(rulesets: Rulesets, installation: InstallationMeasurements) {
    this.#rulesets = rulesets;
    this.#installation = installation;
  }

  /** @throws {ApiError} `not_found`; `validation_failed` for a span or steps that there is nothing for */
  async get({ project, environment, flag }: MeasuredPlace, asked: Asked): Promise<MeasurementsView> {
    const ruleset = this.#rulesets.named(project, environment);
    if (ruleset === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
    if (ruleset.item('flag', flag) === undefined) throw notFound(`flag "${flag}" in ${environment}`);
    const { by = 'variant' } = asked;
    const span = readSpan(asked, by, this.#installation.nowMs);
    const { environmentId } = ruleset;
    const reading = await this.#installation.readAll({ environmentId, flag, ...span, by: DIMENSIONS_OF[by] });
    return {
      from: toTimestamp(span.fromMs),
      to: toTimestamp(span.toMs),
      stepS: span.stepMs / 1000,
      paths: inSeries(reading.paths, () => new PathCounts(), showPath),
      comparisons: inSeries(reading.comparisons, () => new ComparisonCounts(), showComparison),
      incomplete: [...reading.incomplete],
    };
  }
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/**
 * The span and its steps, as far back as anything is kept. So there are 1 440 steps at most: each tier is bounded. Steps are
 * whole: the first one begins at or before `from`.
 */
function readSpan({ from, to, step }: Asked, by: By, nowMs: number): Span {
  const isByInstance = by === 'instance';
  const sinceMs = nowMs - (isByInstance ? KEPT_MS.instances : KEPT_MS.minutes);
  const toMs = to === undefined ? nowMs + 1 : readMoment('to', to);
  const usualMs = isByInstance ? KEPT_MS.instances : KEPT_MS.seconds;
  const fromMs = from === undefined ? toMs - usualMs : readMoment('from', from);
  if (fromMs >= toMs) throw wrong('from', 'must be before to');
  if (toMs <= sinceMs) throw wrong('to', `is before ${toTimestamp(sinceMs)}, and nothing older is kept`);
  const span = { fromMs: Math.max(fromMs, sinceMs), toMs: Math.min(toMs, nowMs + 1) };
  if (span.fromMs >= span.toMs) throw wrong('from', `is in the future: it is ${toTimestamp(nowMs)}`);
  const leastMs = leastStepMs(by, nowMs - span.fromMs);
  const stepMs = step === undefined ? usualStepMs(span.toMs - span.fromMs, leastMs) : step * 1000;
  if (stepMs % leastMs !== 0) {
    const seconds = leastMs / 1000;
    const where = isByInstance ? 'by instance' : 'of more than 15 minutes ago';
    throw wrong('step', `must be a multiple of ${seconds}: shorter steps ${where} are not kept. Ask for ${seconds}`);
  }
  return { ...span, fromMs: Math.floor(span.fromMs / stepMs) * stepMs, stepMs };
}

/** The shortest slots that reach so far back. */
function leastStepMs(by: By, agoMs: number): number {
  if (by === 'instance') return INSTANCE_STEP_MS;
  return agoMs > KEPT_MS.seconds + 1_000 ? 60_000 : 1_000;
}

function usualStepMs(spanMs: number, leastMs: number): number {
  const fit = USUAL_STEPS_S.map((seconds) => seconds * 1000).filter((stepMs) => stepMs >= leastMs);
  return fit.find((stepMs) => spanMs / stepMs <= USUAL_STEPS) ?? fit.at(-1) ?? leastMs;
}

function readMoment(path: string, text: string): number {
  const timeMs = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/i.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(timeMs) || timeMs < 0) throw wrong(path, 'must be a time with a zone, such as 2030-01-31T12:00:00Z');
  return timeMs;
}

function wrong(path: string, message: string) {
  return validationFailed([{ path, message }]);
}

interface Adding<Text> {
  add(text: Text): void;
  toText(): Text;
}

type Shown<V> = { variant: string; path: string; totals: V; points: ({ at: string } & V)[] } & Labels;

/** The steps of what has the same labels, with their sum. */
function inSeries<Text, C extends Adding<Text>, V extends object>(
  measured: readonly Measured<C>[],
  create: () => C,
  show: (counts: C) => V,
): Shown<V>[] {
  const series = new Map<string, { labels: Labels; total: C; steps: Measured<C>[] }>();
  for (const step of measured) {
    const key = keyOf(step.labels);
    const known = series.get(key) ?? { labels: step.labels, total: create(), steps: [] };
    series.set(key, known);
    known.total.add(step.counts.toText());
    known.steps.push(step);
  }
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { labels, total, steps }]) => ({
      ...labels,
      variant: labels.variant ?? '',
      path: labels.path ?? '',
      totals: show(total),
      points: steps
        .sort((a, b) => a.atMs - b.atMs)
        .map(({ atMs, counts }) => ({ at: toTimestamp(atMs), ...show(counts) })),
    }));
}

function showPath({
  count,
  errors,
  timeouts,
  durations,
  failing,
}: PathCounts): Static<typeof PathSeriesSchema>['totals'] {
  const milliseconds = (q: number) => {
    const us = durations.quantile(q);
    return us === undefined ? null : us / 1000;
  };
  return {
    ...{ count, errors, errorRate: count === 0 ? null : errors / count, timeouts },
    ...{ p50Ms: milliseconds(0.5), p90Ms: milliseconds(0.9), p99Ms: milliseconds(0.99) },
    failingSubjects: Math.round(failing.estimate()),
  };
}

function showComparison(counts: ComparisonCountText): Static<typeof ComparisonSeriesSchema>['totals'] {
  const { compared, mismatched, skipped } = counts;
  return { compared, mismatched, mismatchRate: compared === 0 ? null : mismatched / compared, skipped };
}
