import { expect, test } from 'vitest';
import { type Gated, problemsOfGates } from './check-gates.ts';
import type { Gate } from './gate.ts';

const HALF = { flagsPer100k: 50_000, trafficPer100k: 50_000 };
const errors: Gate = {
  ...{ kind: 'sequential', name: 'errors', of: { kind: 'flag' } },
  test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
};

function release(gates: Gate[], more: Partial<Gated> = {}, stage: object = HALF): Gated {
  return { flags: [{ flag: 'checkout' }], traffic: {}, migration: {}, stages: [{ ...HALF, ...stage, gates }], ...more };
}

function problems(gate: object, more: Partial<Gated> = {}, stage: object = HALF): string[] {
  return problemsOfGates(release([gate as Gate], more, stage)).map(({ path, message }) => `${path} ${message}`);
}

test('gates that can work have no problems', () => {
  const gates: Gate[] = [
    errors,
    { kind: 'http', name: 'ready', urls: ['https://a'] },
    { kind: 'prometheus', name: 'load', source: 'main', query: 'a', atMost: 1 },
    { kind: 'calendar', name: 'hours', from: '09:00', to: '17:00', timeZone: 'Europe/Berlin' },
    { kind: 'migration', name: 'rows' },
    { kind: 'burn_rate', name: 'budget', objective: 0.999, of: { kind: 'traffic' } },
    { kind: 'sample_ratio', name: 'ratio' },
  ];
  expect(problemsOfGates({ ...release(gates), watch: gates })).toEqual([]);
});

test.each<[object, string]>([
  [{ kind: 'prometheus', name: 'a', source: 'main', query: 'a' }, 'atMost or atLeast is needed'],
  [{ kind: 'prometheus', name: 'a', source: 'main', query: 'a', atMost: 1, atLeast: 2 }, 'atLeast must be at most'],
  [{ kind: 'prometheus', name: 'a', source: 'main', query: 'a', atMost: 1, compare: 'ratio' }, 'baseline is needed'],
  [
    { kind: 'mann_whitney', name: 'a', source: 'main', query: 'a', baseline: 'a' },
    'baseline must ask for something else',
  ],
  [{ ...errors, of: { kind: 'flag', flag: 'other' } }, 'of.flag is no flag of the release'],
  [{ ...errors, of: { kind: 'mismatches' } }, 'test.kind must be ceiling for mismatches'],
  [
    { ...errors, of: { kind: 'prometheus', source: 'm', candidate: { total: 'a', bad: 'b' } } },
    'of.baseline is needed',
  ],
  [
    { ...errors, test: { kind: 'placebo_rank', alpha: 0.01 }, of: { kind: 'traffic' } },
    'of must be a flag by variant for placebo_rank',
  ],
  [
    { ...errors, test: { kind: 'crash', alpha: 0.01, atMost: 0.05 }, proves: { lessThan: 2, beta: 0.05 } },
    'proves is a comparison',
  ],
  [{ kind: 'calendar', name: 'a', from: '09:00', to: '09:00' }, 'to must be another time than from'],
  [{ kind: 'calendar', name: 'a', timeZone: 'Mars/Olympus' }, 'timeZone is no time zone'],
])('%o cannot work, and is told so with the fix', (gate, said) => {
  expect(problems(gate).some((problem) => problem.startsWith(`stages[0].gates[0].${said}`))).toBe(true);
});

test('what the release lacks is told', () => {
  expect(problems(errors, { flags: [] })).toEqual(['stages[0].gates[0].of.flag is needed: the release has no flags']);
  expect(problems({ ...errors, of: { kind: 'traffic' } }, { traffic: undefined })[0]).toMatch(/has no traffic$/);
  expect(problems({ ...errors, of: { kind: 'flag', by: 'version' } }, { traffic: undefined })[0]).toMatch(
    /choose variant$/,
  );
  expect(problems({ kind: 'migration', name: 'rows' }, { migration: undefined })[0]).toMatch(/has no migration$/);
});

test('a stage in which everyone has the candidate has no baseline to compare with', () => {
  const everyone = { flagsPer100k: 100_000, trafficPer100k: 100_000 };
  expect(problems(errors, {}, everyone)).toEqual([
    'stages[0].gates[0].test.kind compares with a baseline that nobody is served in this stage: choose crash, ceiling or burn_rate',
  ]);
  expect(
    problems({ ...errors, of: { kind: 'traffic' } }, {}, { flagsPer100k: 0, trafficPer100k: 100_000 }),
  ).toHaveLength(1);
  expect(problems({ ...errors, test: { kind: 'crash', alpha: 0.01, atMost: 0.05 } }, {}, everyone)).toEqual([]);
  expect(problemsOfGates({ ...release([], {}, everyone), watch: [errors] })).toEqual([]);
});

test('a stage in which nobody has the candidate, and a policy for a time that never comes, are told', () => {
  const nobody = { flagsPer100k: 0, trafficPer100k: 50_000 };
  expect(problems(errors, {}, nobody)).toEqual([
    'stages[0].gates[0].of sees nothing: nobody gets the candidate in this stage',
  ]);
  const passing = { ...errors, onInconclusive: 'pass' };
  expect(problems(passing)[0]).toMatch(/onInconclusive needs maxSeconds/);
  expect(problems(passing, {}, { ...HALF, maxSeconds: 60 })).toEqual([]);
});

test('versions can be named only where traffic is moved', () => {
  const gate: Gate = { kind: 'http', name: 'ready', urls: ['https://$candidate.example.com'] };
  expect(problems(gate)).toEqual([]);
  expect(problems(gate, { traffic: undefined })[0]).toMatch(/names \$candidate or \$baseline/);
});

test('names are each once beside each other', () => {
  expect(problemsOfGates(release([errors, { ...errors }])).map(({ path }) => path)).toEqual([
    'stages[0].gates[0].name',
    'stages[0].gates[1].name',
  ]);
});
