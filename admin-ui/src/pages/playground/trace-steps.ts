import type { ConditionTrace, Place, ServeTrace, Trace, TraceStep } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { describeCondition } from '../../flags/describe-condition.ts';

/** A step of an evaluation, as the path shows it. */
export interface PathStep {
  /** What was asked. */
  readonly asks: string;
  /** What came of it. */
  readonly says: string;
  readonly outcome: 'decides' | 'passes' | 'unknown';
  /** What it rests on, a line each. */
  readonly details: readonly string[];
  /** Of a prerequisite: its own path. */
  readonly inner?: readonly PathStep[];
}

/** The steps of a trace in words, in order; the one that decided is the last that does. */
export function pathOf({ steps }: Trace): PathStep[] {
  return steps.map((step) => pathStep(step));
}

function pathStep(step: TraceStep): PathStep {
  const passes = (asks: string, says: string, details: readonly string[] = []): PathStep => ({
    ...{ asks, says, outcome: 'passes', details },
  });
  const decides = (asks: string, says: string, details: readonly string[] = []): PathStep => ({
    ...{ asks, says, outcome: 'decides', details },
  });
  switch (step.step) {
    case 'kill':
      return step.killed ? decides(t`Is it killed?`, t`yes: the safe variant`) : passes(t`Is it killed?`, t`no`);
    case 'held':
      return decides(t`Is a flag killed that it depends on?`, t`yes, ${step.killedFlag}: the safe variant`);
    case 'enabled':
      return step.enabled ? passes(t`Is it on?`, t`yes`) : decides(t`Is it on?`, t`no: the off variant`);
    case 'prerequisites':
      return decides(
        t`Do its prerequisites lead to an end?`,
        step.problem === 'cycle' ? t`no, they lead back to it` : t`no`,
      );
    case 'prerequisite': {
      const asks = t`Does ${step.prerequisite.flag} serve what it needs?`;
      const inner = step.trace === undefined ? {} : { inner: pathOf(step.trace) };
      const served = step.trace?.evaluation.variant;
      const held = step.held ? t`yes` : t`no: the off variant`;
      const says = served === undefined ? held : t`${held} (it serves ${served})`;
      return { ...(step.held ? passes(asks, says) : decides(asks, says)), ...inner };
    }
    case 'targets':
      return step.variant === undefined
        ? passes(t`Is it a target by name?`, t`no`)
        : decides(t`Is it a target by name?`, t`yes: ${step.variant}`);
    case 'holdout': {
      const asks = t`Is it held out by ${step.holdout}?`;
      return step.truth === 'true'
        ? decides(asks, t`yes`, placeLines(step.place))
        : passes(asks, t`no`, placeLines(step.place));
    }
    case 'rule':
      return ruleStep(step);
    case 'default-rule':
      return decides(t`No rule decided: the default rule`, serveWords(step.serve), serveLines(step.serve));
    case 'version-floor': {
      const asks = t`Is the version enough for ${step.variant}?`;
      const value = t`version ${JSON.stringify(step.value)}`;
      return step.truth === 'true' ? passes(asks, t`yes`, [value]) : decides(asks, t`no: the safe variant`, [value]);
    }
  }
}

function ruleStep({ id, name, condition, serve }: Extract<TraceStep, { step: 'rule' }>): PathStep {
  const asks = t`Rule ${name ?? id}: ${describeCondition(condition.condition)}?`;
  const details = conditionLines(condition, 0);
  if (condition.truth !== 'true') {
    const isUnknown = condition.truth === 'unknown';
    return {
      asks,
      says: isUnknown ? t`cannot be told: no match` : t`no`,
      outcome: isUnknown ? 'unknown' : 'passes',
      details,
    };
  }
  if (serve?.variant === undefined) {
    return {
      asks,
      says: t`yes, but it serves this one nothing`,
      outcome: 'passes',
      details: [...details, ...serveLines(serve)],
    };
  }
  return { asks, says: t`yes: ${serveWords(serve)}`, outcome: 'decides', details: [...details, ...serveLines(serve)] };
}

/** Each part that was tried, indented, with what the context had there. */
function conditionLines(trace: ConditionTrace, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const truth = trace.truth === 'true' ? t`true` : trace.truth === 'false' ? t`false` : t`unknown`;
  if (trace.parts) {
    return [`${indent}${truth}: ${wordOf(trace)}`, ...trace.parts.flatMap((part) => conditionLines(part, depth + 1))];
  }
  const had =
    trace.missing === true
      ? ` (${t`the context has none`})`
      : trace.value === undefined
        ? ''
        : ` (${JSON.stringify(trace.value)})`;
  const line = `${indent}${truth}: ${describeCondition(trace.condition)}${had}`;
  const { segment } = trace;
  if (!segment) return [line];
  const why =
    segment.state !== 'ok'
      ? [`${indent}  ${t`the segment: ${segment.state}`}`]
      : [
          ...(segment.excluded ? [`${indent}  ${t`an excluded key`}`] : []),
          ...(segment.included ? [`${indent}  ${t`an included key`}`] : []),
        ];
  return [line, ...why, ...(segment.when ? conditionLines(segment.when, depth + 1) : [])];
}

function wordOf({ condition }: ConditionTrace): string {
  if ('all' in condition) return t`all of these`;
  return 'any' in condition ? t`any of these` : t`not this`;
}

function serveWords({ variant, split }: ServeTrace): string {
  if (variant === undefined) return t`nothing`;
  return split ? t`${variant}, by its bucket` : variant;
}

function serveLines(serve: ServeTrace | undefined): string[] {
  if (!serve) return [];
  const { split, layer } = serve;
  return [
    ...(layer ? [t`layer ${layer.key}: ${layer.truth}`, ...placeLines(layer.place)] : []),
    ...(split ? placeLines(split.place) : []),
    ...(split?.range ? [t`the range ${split.range.from} to ${split.range.to - 1} is ${split.range.variant}'s`] : []),
    ...(split?.held ? [t`its ramp is held`] : []),
  ];
}

function placeLines(place: Place | undefined): string[] {
  if (!place) return [];
  if (place.bucket === undefined) return [t`no ${place.by} in the context: no bucket`];
  return [t`bucket ${place.bucket} of 100000, by ${place.by} "${place.subject ?? ''}"`];
}
