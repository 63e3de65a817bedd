import { expect, test } from 'vitest';
import { otherTests, replayWords } from './replay-words.ts';

const then = { at: '2026-01-01T00:01:00Z' };
const failed = (failedAt: string | null) =>
  ({ verdict: failedAt === null ? 'pending' : 'failed', failedAt, same: false }) as const;

test('what the same test finds again is said to be the same, or not to be', () => {
  expect(replayWords(then, { ...failed(then.at), same: true }, false)).toMatch(/^The same, bit for bit/);
  expect(replayWords(then, failed(then.at), false)).toMatch(/^It comes to something else/);
});

test.each([
  [null, 'It would not have failed.'],
  ['2026-01-01T00:01:00Z', 'It would have failed at the same moment.'],
  ['2026-01-01T00:00:45Z', 'It would have failed 15.0 s earlier.'],
  ['2026-01-01T00:03:00Z', 'It would have failed 2 min later.'],
])('other parameters that fail at %s: %s', (failedAt, words) => {
  expect(replayWords(then, failed(failedAt), true)).toBe(words);
});

test('only tests that can judge the counts are offered', () => {
  const crash = { kind: 'crash', alpha: 0.01, atMost: 0.05 } as const;
  const kinds = (baseline: string | null) =>
    otherTests({ test: crash, metric: { kind: 'errors' }, baseline }).map(({ kind }) => kind);
  expect(kinds('off')).toEqual(['relative_risk', 'ceiling', 'burn_rate']);
  expect(kinds(null)).toEqual(['ceiling', 'burn_rate']);
});
