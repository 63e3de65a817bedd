import { afterEach, expect, test, vi } from 'vitest';
import { printTable } from './report.ts';
import type { Result } from './subject.ts';

const line: Result = {
  subject: 'evaluate',
  case: 'on/off',
  unit: 'ns/call',
  better: 'lower',
  ours: 20,
  node: 'v24.0.0',
  date: '2026-01-01T00:00:00.000Z',
};

afterEach(() => vi.restoreAllMocks());

test('a budget is called met or missed in the direction of what is better', () => {
  expect(print([{ ...line, budget: 20 }])).toContain('20 met');
  expect(print([{ ...line, budget: 19 }])).toContain('19 MISSED');
  expect(print([{ ...line, better: 'higher', budget: 21 }])).toContain('21 MISSED');
});

test('a peer is shown with how many times it is behind', () => {
  expect(print([{ ...line, peers: { slow: 1_000 } }])).toContain('1 000 (50x)');
  expect(print([{ ...line, better: 'higher', peers: { slow: 5 } }])).toContain('5 (4.0x)');
});

test('nobody is any number of times behind nothing: next to 0 only the value stands', () => {
  expect(print([{ ...line, ours: 0, peers: { slow: 144 } }])).toMatch(/ 144$/m);
});

test('a peer that has no such number says so, and a line without peers stays empty', () => {
  const text = print([
    { ...line, peers: { one: 1, two: 2 } },
    { ...line, case: 'prerequisite', peers: { one: 1 } },
    { ...line, case: 'alone' },
  ]);
  expect(text).toMatch(/prerequisite.*n\/a$/m);
  expect(text).toMatch(/alone {2,}ns\/call {2,}20$/m);
});

function print(results: readonly Result[]): string {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  printTable('evaluate', results, []);
  return log.mock.calls.map(([text]) => String(text)).join('\n');
}
