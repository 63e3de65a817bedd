import { setImmediate } from 'node:timers/promises';
import type { Static } from '@sinclair/typebox';
import type { TestState } from '../evidence/evidence.ts';
import { verdictOf } from '../evidence/evidence.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { placeboOf } from '../safeguards/placebo-band.ts';
import { mergeSteps, type Pair, type Step } from '../safeguards/step.ts';
import type { Gate } from './gate.ts';
import { type Counts, testOf } from './kinds/counts.ts';
import type { Values } from './kinds/prometheus.ts';
import type { Measurement } from './measurement.ts';
import type { GateRunDetailSchema } from './run-schemas.ts';
import { advanceRun, type RunState } from './run-state.ts';

type Point = Static<typeof GateRunDetailSchema>['points'][number];

/** More points than this say no more on a screen. */
const MAX_POINTS = 500;
/** So many measurements are judged before others get their turn. */
const AT_ONCE = 20;

/** A run judged again, with its points for a chart. */
export interface Replayed {
  readonly state: RunState;
  readonly points: readonly Point[];
  readonly threshold: number | null;
}

/** Judges measurements once more, from a state on. */
export async function replay(
  gate: Gate,
  enteredAtMs: number,
  from: RunState,
  measurements: readonly Measurement[],
): Promise<Replayed> {
  const size = Math.max(1, Math.ceil(measurements.length / MAX_POINTS));
  const points: Point[] = [];
  let state = from;
  let group: Measurement[] = [];
  for (const [at, measurement] of measurements.entries()) {
    state = advanceRun(gate, enteredAtMs, state, measurement);
    group.push(measurement);
    const next = measurements[at + 1];
    if (group.length >= size || next?.kind !== measurement.kind) {
      points.push(toPoint(gate, state, group));
      group = [];
    }
    if (at % AT_ONCE === AT_ONCE - 1) await setImmediate();
  }
  return { state, points, threshold: isCounting(gate) ? (evidenceOf(gate, state)?.threshold ?? null) : null };
}

/** Several looks of one kind as one. */
function toPoint(gate: Gate, state: RunState, group: readonly Measurement[]): Point {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a point is of one look at least');
  const point = {
    ...{ from: toTimestamp(first.fromMs), to: toTimestamp(last.toMs), kind: last.kind, verdict: state.verdict },
  };
  if (last.kind !== 'data') return { ...point, reason: last.reason };
  const data = group.flatMap((each) => (each.kind === 'data' ? [each.data as unknown] : []));
  if (isCounting(gate)) {
    const logE = evidenceOf(gate, state)?.logE;
    const counts = toCounts((data as Counts[]).map(({ step }) => step).reduce(mergeSteps));
    return { ...point, ...counts, ...(logE === undefined ? {} : { logE }) };
  }
  if (gate.kind === 'prometheus' || gate.kind === 'mann_whitney') return { ...point, ...toValues(data as Values[]) };
  return point;
}

function toCounts(step: Step): Pick<Point, 'candidate' | 'baseline' | 'placebo'> {
  const { candidate, baseline } = step;
  const placebo = placeboOf(step);
  return {
    candidate: toSide(candidate),
    ...(baseline === undefined ? {} : { baseline: toSide(baseline) }),
    ...(placebo === undefined ? {} : { placebo }),
  };
}

function toSide([count, bad]: Pair): { count: number; bad: number } {
  return { count, bad };
}

function toValues(values: readonly Values[]): Pick<Point, 'value' | 'baselineValue'> {
  const baselines = values.flatMap(({ baseline }) => (baseline === undefined ? [] : [baseline]));
  return {
    value: meanOf(values.map(({ candidate }) => candidate)),
    ...(baselines.length === 0 ? {} : { baselineValue: meanOf(baselines) }),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Counting = Extract<Gate, { kind: 'sequential' | 'burn_rate' | 'sample_ratio' }>;

function isCounting(gate: Gate): gate is Counting {
  return gate.kind === 'sequential' || gate.kind === 'burn_rate' || gate.kind === 'sample_ratio';
}

function evidenceOf(gate: Counting, { memory }: RunState) {
  return verdictOf(testOf(gate), (memory as { test: unknown }).test as TestState);
}
