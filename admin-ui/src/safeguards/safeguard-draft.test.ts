import { expect, test } from 'vitest';
import type { Safeguard, SafeguardBody } from '../api/types.ts';
import { checkSafeguard, draftOf, testsFor, withMetric } from './safeguard-draft.ts';

const given: SafeguardBody = {
  ...{ name: 'Worse', watch: { flag: 'checkout' }, metric: { kind: 'errors', path: 'run' }, action: 'kill' },
  test: { kind: 'crash', alpha: 0.0001, atMost: 0.05, periodMs: 86_400_000 },
};
const stored = (body: Partial<SafeguardBody>): Safeguard => ({
  ...given,
  ...{ id: 's', mode: 'armed', enabled: true, failedAt: null, watching: [], version: 3 },
  ...{ createdBy: { kind: 'user', id: 'u', name: 'Ann' }, createdAt: '', updatedAt: '' },
  ...body,
});
const arm = { total: 'sum(increase(a[$step]))', bad: 'sum(increase(b[$step]))' };

test.each<Partial<SafeguardBody>>([
  {},
  { watch: { tag: 'shop' }, metric: { kind: 'latency', path: 'run', aboveMs: 250 } },
  {
    ...{ watch: { measured: true }, candidate: 'on', baseline: 'off' },
    test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1, unit: 'subjects' },
  },
  {
    metric: { kind: 'latency', path: 'read.new' },
    test: { kind: 'latency', alpha: 0.01, tolerance: 1.5, thresholdsMs: [50, 400] },
  },
  { metric: { kind: 'mismatches', path: 'read' }, test: { kind: 'burn_rate', objective: 0.995, profile: 'page' } },
  {
    metric: { kind: 'events', bad: 'failed', good: 'done' },
    test: { kind: 'placebo_rank', alpha: 0.07, stepMs: 8_000 },
  },
  { metric: { kind: 'values', event: 'latency', above: 2.5 }, deploy: { newest: true } },
  { metric: { kind: 'exposures' }, test: { kind: 'sample_ratio', alpha: 0.001 }, action: 'pause' },
  {
    metric: { kind: 'prometheus', source: 'main', stepMs: 30_000, candidate: arm, baseline: arm },
    deploy: { version: '2.0.1' },
  },
])('what is opened and saved unchanged stays as it was: %j', (body) => {
  const safeguard = stored(body);
  const checked = checkSafeguard(draftOf(safeguard));
  expect(checked).toEqual({ ok: true, ready: { ...given, ...body, mode: 'armed' } });
});

test('what is missing is said where it is missing', () => {
  const draft = {
    ...draftOf(undefined),
    metric: 'events',
    deployBy: 'version',
    test: 'latency',
    thresholds: '5, x',
  } as const;
  const checked = checkSafeguard(draft);
  expect(checked.ok ? [] : Object.keys(checked.errors).sort()).toEqual(
    ['deploy', 'metric.bad', 'metric.good', 'name', 'test.thresholdsMs', 'watch.flag'].sort(),
  );
});

test('another measure keeps the test where it fits, and takes the usual one where it does not', () => {
  const draft = { ...draftOf(undefined), test: 'ceiling', action: 'kill' } as const;
  expect(withMetric(draft, 'mismatches')).toEqual({ metric: 'mismatches', test: 'ceiling' });
  expect(withMetric(draft, 'exposures')).toEqual({ metric: 'exposures', test: 'sample_ratio', action: 'notify' });
  expect(withMetric({ ...draft, test: 'placebo_rank' }, 'values').test).toBe(testsFor.values[0]);
});
