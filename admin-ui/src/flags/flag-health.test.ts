import { expect, test } from 'vitest';
import type { Environment, Flag, FlagEnvironment } from '../api/types.ts';
import { flag } from '../testing/server.ts';
import { healthOf } from './flag-health.ts';

const nowMs = Date.parse('2026-06-01T00:00:00Z');
const key = Object.keys(flag.environments)[0] ?? '';
const state = flag.environments[key] as FlagEnvironment;
const environments = [{ key, name: 'Production' } as Environment];

function marksOf(part: Partial<FlagEnvironment>, facts: Partial<Flag> = {}, releases: string[] = []) {
  const whole = { ...flag, expectedUntil: null, ...facts, environments: { [key]: { ...state, ...part } } };
  return healthOf({ flag: whole, environments, releases, nowMs }).map(({ kind, title }) => [kind, title]);
}

const ranges = [{ variant: 'on', from: 0, to: 100_000 }];
const rampUntil = (atMs: number) => ({ split: { ranges, schedule: [{ atMs, ranges }] } });

test('a flag that only serves has no mark', () => {
  expect(marksOf({ enabled: true, defaultRule: { split: { ranges } } })).toEqual([]);
});

test('the most urgent mark stands first', () => {
  const killed = { epoch: 1, by: 'Ada', reason: 'errors', at: '2026-05-31T00:00:00Z', stored: true } as never;
  const stale = { expectedUntil: '2026-05-01T00:00:00.000Z' };
  expect(marksOf({ killed }, stale, ['Checkout'])).toEqual([
    ['killed', 'Killed in Production'],
    ['releasing', 'In a release: Checkout'],
    ['stale', 'Expected to be gone since 2026-05-01'],
  ]);
});

test('a ramp is one until its last step has come, also in a rule', () => {
  const rules = [{ id: 'beta', when: { attribute: 'plan', operator: 'present' }, serve: rampUntil(nowMs + 1) }];
  expect(marksOf({ rules: rules as FlagEnvironment['rules'] })).toEqual([['ramping', 'Changes by time in Production']]);
  expect(marksOf({ defaultRule: rampUntil(nowMs) })).toEqual([]);
});

test('a ramp that is held is told as held', () => {
  const held = { atMs: nowMs, schedule: [{ atMs: nowMs + 1, ranges }] };
  expect(marksOf({ defaultRule: { split: { ranges, held } } })).toEqual([['held', 'Its ramp is held in Production']]);
});

test('an archived flag has outlived nothing', () => {
  const facts = { expectedUntil: '2026-05-01T00:00:00.000Z', archivedAt: '2026-05-02T00:00:00.000Z' };
  expect(marksOf({}, facts)).toEqual([]);
});
