import { expect, test } from 'vitest';
import { readCount } from './count.ts';

test('a count is a whole number from 1 on, and what is none is named with its option', () => {
  expect(['1', '20', ' 7 '].map((text) => readCount(text, '--limit'))).toEqual([1, 20, 7]);
  for (const text of ['', '0', '-1', '1.5', 'abc', '5%']) {
    expect(() => readCount(text, '--steps')).toThrow(`--steps: "${text}" is no count`);
  }
});
