import { expect, test } from 'vitest';
import type { Present } from '../api/presence.ts';
import { presenceSentence } from './presence-sentence.ts';

const one = (name: string | null, editing: boolean, environment: string | null = null): Present => ({
  ...{ name, editing, environment },
});
const say = (...others: Present[]) => presenceSentence(others, 'flag', (environment) => environment.toUpperCase());

test('nobody else is nothing to say', () => {
  expect(say()).toBeUndefined();
});

test('those who edit come first, and where, if it is one place', () => {
  expect(say(one('Ada', true, 'staging'))).toBe('Ada is editing this flag in STAGING');
  expect(say(one('Ada', true, 'staging'), one('Ben', true, 'production'))).toBe('Ada and Ben are editing this flag');
  expect(say(one('Ada', false), one('Ben', true))).toBe('Ben is editing this flag; Ada is looking at it');
});

test('many are counted, and so are those whose names one may not see', () => {
  expect(say(one('Ada', false))).toBe('Ada is looking at this flag');
  expect(say(one(null, true), one(null, true))).toBe('2 others are editing this flag');
  expect(say(...['A', 'B', 'C', 'D'].map((name) => one(name, false)))).toBe(
    'A, B and 2 others are looking at this flag',
  );
});
