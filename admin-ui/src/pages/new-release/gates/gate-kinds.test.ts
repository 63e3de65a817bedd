import { expect, test } from 'vitest';
import { freshGate, gateKindNames, missingOfGate } from './gate-kinds.ts';

const ground = { environment: 'production', flags: [], traffic: { target: 'shop', candidate: '2', baseline: '1' } };

test.each(gateKindNames)('a fresh gate of kind %s says what is still to be filled in', (kind) => {
  const gate = freshGate(kind, ground, '');
  const expected: Partial<Record<typeof kind, string[]>> = {
    prometheus: ['source', 'query'],
    mann_whitney: ['source', 'query', 'baseline'],
    http: ['urls'],
    job: ['run.webhook'],
  };
  expect(Object.keys(missingOfGate(gate))).toEqual(expected[kind] ?? []);
  expect(Object.keys(missingOfGate({ ...gate, name: ' ' }))).toContain('name');
});

test('counts of Prometheus want a source and both queries of each side', () => {
  const arm = { total: '', bad: 'b' };
  const of = { kind: 'prometheus' as const, source: 'main', candidate: arm, baseline: { total: 't', bad: ' ' } };
  const missing = missingOfGate({ kind: 'burn_rate', name: 'budget', objective: 0.99, of });
  expect(Object.keys(missing)).toEqual(['of.candidate.total', 'of.baseline.bad']);
});

test('what is compared with, or looked into, must be named, too', () => {
  const number = { kind: 'prometheus' as const, name: 'load', source: 'main', query: 'a', atMost: 1 };
  expect(missingOfGate(number)).toEqual({});
  expect(Object.keys(missingOfGate({ ...number, baseline: '' }))).toEqual(['baseline']);
  const says = [{ path: '', equals: 'ok' }];
  expect(Object.keys(missingOfGate({ kind: 'http', name: 'ready', urls: ['u'], says }))).toEqual(['says[0].path']);
});

test('counts are those of the traffic target where there is one, else of SDKs', () => {
  expect(freshGate('sequential', ground, '')).toMatchObject({ of: { kind: 'traffic' } });
  expect(freshGate('burn_rate', { environment: 'production', flags: [] }, '')).toMatchObject({ of: { kind: 'flag' } });
});
