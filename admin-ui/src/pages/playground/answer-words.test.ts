import { expect, test } from 'vitest';
import { answerWords, isSame } from './answer-words.ts';

test('an answer is its variant, with its value where that says more', () => {
  expect(answerWords({ variant: 'on', value: true })).toBe('on');
  expect(answerWords({ variant: 'red', value: 'red' })).toBe('red');
  expect(answerWords({ variant: 'large', value: 12 })).toBe('large: 12');
  expect(answerWords({ variant: 'a', value: { size: 1 } })).toBe('a: {"size":1}');
});

test('without a variant there is an error, or the default of the code', () => {
  expect(answerWords({ errorCode: 'FLAG_NOT_FOUND' })).toBe('FLAG_NOT_FOUND');
  expect(answerWords({})).toBe('the default of the code');
});

test('answers are the same when code gets the same', () => {
  expect(isSame({ variant: 'on', value: true }, { variant: 'on', value: true })).toBe(true);
  expect(isSame({ variant: 'on', value: [1] }, { variant: 'on', value: [2] })).toBe(false);
  expect(isSame(undefined, { variant: 'on' })).toBe(false);
});
