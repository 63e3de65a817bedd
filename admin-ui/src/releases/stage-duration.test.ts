import { expect, test } from 'vitest';
import { formatSeconds } from './stage-duration.ts';

test.each([
  [0, '0 s'],
  [45, '45 s'],
  [90, '1 min 30 s'],
  [600, '10 min'],
  [5_400, '1 h 30 min'],
  [604_800, '7 d'],
])('%i seconds are planned as %s', (seconds, words) => {
  expect(formatSeconds(seconds)).toBe(words);
});
