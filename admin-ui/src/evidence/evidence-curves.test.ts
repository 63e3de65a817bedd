import { expect, test } from 'vitest';
import type { Gate } from '../api/types.ts';
import { curvesOf, type EvidencePoint, formatEvidence } from './evidence-curves.ts';

const gate: Gate = {
  kind: 'sequential',
  name: 'errors',
  of: { kind: 'traffic' },
  test: { kind: 'crash', alpha: 0.01, atMost: 0.1 },
};
const at = (second: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + second * 1_000).toISOString();
const look = (second: number, more: Partial<EvidencePoint>): EvidencePoint => ({
  ...{ from: at(second), to: at(second + 1), verdict: 'running' },
  ...more,
});

test('looks without data, and sides that nobody came to, are gaps and no zeros', () => {
  const points = [
    look(0, { candidate: { count: 10, bad: 1 }, baseline: { count: 40, bad: 2 }, logE: 0 }),
    look(1, { reason: 'No traffic' }),
    look(2, { candidate: { count: 0, bad: 0 }, baseline: { count: 50, bad: 0 } }),
  ];
  const { shares, times } = curvesOf({ gate, points, threshold: null });
  expect(times).toEqual([at(1), at(2), at(3)].map(Date.parse));
  expect(shares).toMatchObject({ candidate: [0.1, null, null], baseline: [0.05, null, 0], placebo: undefined });
});

test('evidence is drawn on a scale of tens, with the line at which it fails in sight', () => {
  const points = [look(0, { logE: Math.log(10) }), look(1, { logE: -50 })];
  const { evidence } = curvesOf({ gate, points, threshold: Math.log(100) });
  expect(evidence?.values[0]).toBeCloseTo(1);
  expect(evidence?.values[1]).toBe(-3);
  expect(evidence?.line).toBeCloseTo(2);
  expect(evidence?.max).toBeGreaterThan(2);
});

test('bounds are drawn beside a number, and not where they are of its relation to a baseline', () => {
  const number: Gate = { kind: 'prometheus', name: 'lag', source: 'main', query: 'lag', atMost: 5 };
  const points = [look(0, { value: 3, baselineValue: 2 })];
  expect(curvesOf({ gate: number, points, threshold: null }).numbers).toMatchObject({ bounds: [5] });
  const related: Gate = { ...number, baseline: 'lag_before' };
  expect(curvesOf({ gate: related, points, threshold: null }).numbers).toMatchObject({ bounds: [], baseline: [2] });
});

test('a gate that only hears yes or no has no curve', () => {
  expect(Object.keys(curvesOf({ gate, points: [look(0, {})], threshold: null }))).toEqual(['times']);
});

test.each([
  [0, '1'],
  [2, '100'],
  [4.3, '20,000'],
  [-3, '0.001'],
  [0.5, '3.2'],
  [12.2, '1e+12'],
])('an e-value of ten to the power of %d reads %s', (log10, words) => {
  expect(formatEvidence(log10)).toBe(words);
});
