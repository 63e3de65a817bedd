import { expect, test } from 'vitest';
import { formatSeconds, readSeconds } from './stage-duration.ts';

test.each([
  [0, '0 s'],
  [45, '45 s'],
  [90, '1 min 30 s'],
  [600, '10 min'],
  [5_400, '1 h 30 min'],
  [604_800, '7 d'],
])('%i seconds are planned as %s, and read so again', (seconds, words) => {
  expect(formatSeconds(seconds)).toBe(words);
  expect(readSeconds(words)).toBe(seconds);
});

test.each([
  ['10', 600],
  ['1,5', 90],
  ['90s', 90],
  ['1h 30m', 5_400],
  ['2 days', 172_800],
  [' 5 MIN ', 300],
  ['', undefined],
  ['soon', undefined],
  ['10 x', undefined],
  ['-5 min', undefined],
])('%j is read as %s', (text, seconds) => {
  expect(readSeconds(text)).toBe(seconds);
});
