import { expect, test } from 'vitest';
import { formatAge, formatBytes, formatDuration, formatSentence } from './format.ts';

test('durations are rounded down, in the unit that reads best', () => {
  expect(formatDuration(0.44)).toBe('0.4 ms');
  expect(formatDuration(63.9)).toBe('63 ms');
  expect(formatDuration(999.9)).toBe('999 ms');
  expect(formatDuration(1_290)).toBe('1.2 s');
  expect(formatDuration(59_990)).toBe('59.9 s');
  expect(formatDuration(61_000)).toBe('1 min');
  expect(formatDuration(3 * 3_600_000)).toBe('3 h');
});

test('ages are coarse, and a clock that is ahead makes nothing younger than now', () => {
  expect(formatAge(-5_000, 0)).toBe('just now');
  expect(formatAge(50_000, 0)).toBe('1 min ago');
  expect(formatAge(3 * 3_600_000, 0)).toBe('3 h ago');
  expect(formatAge(40 * 86_400_000, Date.UTC(2030, 1, 10))).toBe('2030-01-01');
});

test('sizes are in the unit that reads best', () => {
  expect([812, 4_190, 12_300_000].map(formatBytes)).toEqual(['812 bytes', '4.1 kB', '12.3 MB']);
});

test('sentences of the server get their moments and shares as pages write them, and are else as they were', () => {
  const now = Date.UTC(2026, 10, 21, 23);
  const said = 'It failed at 2026-11-21T22:49:51.816Z in 1.2 % of all, and looks again at 2026-11-22T00:01:16Z.';
  expect(formatSentence(said, now)).toBe(
    'It failed at 22:49:51 UTC in 1.2% of all, and looks again at 2026-11-22 00:01 UTC.',
  );
  expect(formatSentence('It is watched for 523 s more, then for 300 s.', now)).toBe(
    'It is watched for 8 min 43 s more, then for 5 min.',
  );
  expect(formatSentence('It is watched for 3341 s more, 90 s apart, within 86400 s; 1 200 s, 0.125 s.', now)).toBe(
    'It is watched for 56 min more, 90 s apart, within 24 h; 1 200 s, 0.125 s.',
  );
  expect(formatSentence('phase T1 of 100 % sure: 2026-11-21', now)).toBe('phase T1 of 100% sure: 2026-11-21');
});
