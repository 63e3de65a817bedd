import { expect, test } from 'vitest';
import type { Gate } from '../gate.ts';
import type { Look } from './look.ts';
import { fillQuery, longestRangeMs } from './queries.ts';
import { findGap, nextSpan } from './schedule.ts';

const T0 = 1_000_000_500;
const look = (nowMs: number, lastMs?: number, memory: Look['memory'] = { totals: null }): Look => ({
  subject: { enteredAtMs: T0, flags: [] } as never,
  ...{ enteredAtMs: T0, nowMs: T0 + nowMs, lastMs: lastMs === undefined ? undefined : T0 + lastMs, memory, key: 'k' },
});
const relative = (span: { fromMs: number; toMs: number } | undefined) => span && [span.fromMs - T0, span.toMs - T0];

const test1 = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 } as const;
const flag: Gate = { kind: 'sequential', name: 'a', of: { kind: 'flag' }, test: test1 };
const prometheus: Gate = { kind: 'prometheus', name: 'a', source: 'm', query: 'rate(x[5m])', atMost: 1 };
const counts: Gate = {
  ...{ kind: 'sequential', name: 'a', test: test1 },
  of: { kind: 'prometheus', source: 'm', candidate: { total: 'a[$step]', bad: 'b[$step]' } },
};

test('counts of SDKs are read in whole seconds after the stage was entered, without holes, a while later', () => {
  expect(nextSpan(flag, look(4_000))).toBeUndefined();
  expect(relative(nextSpan(flag, look(7_000)))).toEqual([500, 2_500]);
  expect(relative(nextSpan(flag, look(12_000, 2_500)))).toEqual([2_500, 7_500]);
});

test('a query that looks back is asked only when all that it sees is of the stage', () => {
  expect(nextSpan(prometheus, look(299_999))).toBeUndefined();
  expect(relative(nextSpan(prometheus, look(300_000)))).toEqual([300_000, 300_000]);
  // That it waits is no gap.
  expect(findGap(prometheus, look(299_999))).toBeUndefined();
  // Steps begin at multiples of their length: the first one that lies within the stage.
  const span = nextSpan(counts, look(32_000));
  expect(span?.fromMs).toBeGreaterThanOrEqual(T0);
  expect((span?.toMs ?? 1) % 15_000).toBe(0);
});

test('totals are read on from where they stood, and a long silence is a gap', () => {
  const target: Gate = { kind: 'sequential', name: 'a', of: { kind: 'traffic' }, test: test1 };
  const totals = { atMs: T0 + 1_000, candidate: [1, 0], baseline: [1, 0] };
  expect(relative(nextSpan(target, look(0)))).toEqual([0, 0]);
  expect(relative(nextSpan(target, look(4_000, 2_000, { totals })))).toEqual([1_000, 4_000]);
  expect(findGap(target, look(32_000, 2_000))).toBeUndefined();
  expect(findGap(target, look(32_001, 2_000))).toMatchObject({ fromMs: T0 + 2_000 });
});

test('how far back a query looks is the longest of its ranges and offsets, not what stands in quotes', () => {
  expect(longestRangeMs('up', 15_000)).toBe(0);
  expect(longestRangeMs('sum(rate(x[5m])) / sum(rate(y[1h30m]))', 15_000)).toBe(90 * 60_000);
  expect(longestRangeMs('max_over_time(rate(x[1m])[10m:30s]) offset 1d', 15_000)).toBe(86_400_000);
  expect(longestRangeMs('sum(increase(x{path="[9w]"}[$step]))', 15_000)).toBe(15_000);
});

test('versions stand in queries as text that cannot end its quotes', () => {
  const traffic = { target: 't', candidate: 'v2"} or up{a="\\', baseline: '$candidate' };
  expect(fillQuery('x{v="$candidate"} / y{v="$baseline"}', { traffic })).toBe(
    'x{v="v2\\"} or up{a=\\"\\\\"} / y{v="$candidate"}',
  );
});
