import { expect, test } from 'vitest';
import { ratioWords, sharesOverTime } from './sample-ratio.ts';

const point = (given: number, others: number) => ({
  ...{ from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:01Z' },
  ...{ candidate: { count: given, bad: 0 }, baseline: { count: others, bad: 0 } },
});
const state = {
  ...{ variant: 'on', silence: null, logE: -1, threshold: 4.6, failedAt: null, dueShare: 0.5 },
  points: [point(40, 60), point(60, 40)],
};

test('the share is of all so far, and none while nobody came', () => {
  expect(sharesOverTime([point(0, 0), point(1, 3), point(5, 1)])).toEqual([null, 0.25, 0.6]);
});

test('the verdict says what was counted and what is due', () => {
  expect(ratioWords(state)).toBe('As it should be: 100 of 200 subjects got “on” (50%, 50% are due).');
  expect(ratioWords({ ...state, logE: 4 })).toMatch(/^It begins to look wrong: 100 of 200/);
  expect(ratioWords({ ...state, failedAt: '2026-01-01T00:00:00Z' })).toMatch(/do not trust comparisons/);
  expect(ratioWords({ ...state, points: [], silence: 'It is killed.' })).toBe('It is killed.');
});
