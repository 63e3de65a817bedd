import {
  BUCKET_COUNT,
  type Condition,
  type Flag,
  flagItem,
  type Rule,
  type Ruleset,
  type Serve,
  type SnapshotMessage,
} from '@bunting/core';
import type { DataSet, FlagSpec, Test } from './data-set.ts';

/** The data set in Bunting's own model. */
export function makeRuleset({ flags, segments }: DataSet): Ruleset {
  return {
    revision: { incarnation: 'bench', number: 1, hash: 'bench' },
    flags: flags.map(makeFlag),
    segments: segments.map(({ key, ids }) => ({ key, included: ids.join('\n') })),
  };
}

/** The same as it travels. */
export function makeSnapshot(dataSet: DataSet): SnapshotMessage {
  const { revision, flags, segments = [] } = makeRuleset(dataSet);
  const nowMs = Date.now();
  const segmentItems = segments.map((segment) => ({
    kind: 'segment' as const,
    key: segment.key,
    json: JSON.stringify(segment),
  }));
  return {
    type: 'snapshot',
    revision,
    committedAtMs: nowMs,
    timeMs: nowMs,
    kills: [],
    items: [...segmentItems, ...flags.map(flagItem)],
  };
}

export function makeFlag(spec: FlagSpec): Flag {
  return {
    key: spec.key,
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    enabled: true,
    offVariant: 'off',
    ...(spec.prerequisite && { prerequisites: [{ flag: spec.prerequisite, state: 'on' }] }),
    rules: spec.rules.map(
      (rule, i): Rule => ({ id: `r${i}`, when: conditionOf(rule.all), serve: serveOf(rule.percent) }),
    ),
    defaultRule: serveOf(spec.otherwisePercent),
  };
}

function serveOf(percent: number): Serve {
  if (percent === 100) return { variant: 'on' };
  if (percent === 0) return { variant: 'off' };
  const to = (percent * BUCKET_COUNT) / 100;
  return {
    split: {
      ranges: [
        { variant: 'on', from: 0, to },
        { variant: 'off', from: to, to: BUCKET_COUNT },
      ],
    },
  };
}

function conditionOf(tests: readonly Test[]): Condition {
  const conditions = tests.map(conditionOfOne);
  const [only] = conditions;
  return only && conditions.length === 1 ? only : { all: conditions };
}

function conditionOfOne(test: Test): Condition {
  if ('segment' in test) return { segment: test.segment };
  const { attribute } = test;
  if ('oneOf' in test) return { attribute, operator: 'in', values: test.oneOf };
  if ('equals' in test) return { attribute, operator: 'in', values: [test.equals] };
  if ('endsWith' in test) return { attribute, operator: 'endsWith', values: [test.endsWith] };
  return { attribute, operator: 'semver', values: [`>=${test.atLeast}`] };
}
