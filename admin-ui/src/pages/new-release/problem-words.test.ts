import { expect, test } from 'vitest';
import { problemSentence, problemSentences, problemsAt } from './problem-words.ts';

test.each([
  [
    'stages[1].trafficPer100k',
    'must be at least 20000, that of the stage before',
    'The share of traffic must be at least 20%, that of the stage before',
  ],
  [
    'stages[0].flagsPer100k',
    'must be at most trafficPer100k (5000): only the candidate version knows',
    'The share of flags must be at most the share of traffic (5%): only the candidate version knows',
  ],
  [
    'stages[2].maxSeconds',
    'must be at least soakSeconds (600): else it is always late',
    'The deadline must be at least the time that it is watched (10 min): else it is always late',
  ],
  ['stages[1]', 'does what the stage before does', 'It does what the stage before does'],
  ['flags', 'needs a flag at least', 'The release needs a flag at least'],
  ['traffic.target', 'there is no traffic target "shop"', 'There is no traffic target "shop"'],
])('%s: %s', (path, message, sentence) => {
  expect(problemSentence(path, message)).toBe(sentence);
});

test('each place says its own problems, and those within it that have no place of their own', () => {
  const errors = problemSentences({
    '': 'It is not valid.',
    'stages[1]': 'does nothing',
    'stages[1].soakSeconds': 'is too long',
    'stages[1].gates[0].name': 'is there twice',
    'stages[10].soakSeconds': 'is too long',
  });
  expect(errors['']).toBe('It is not valid.');
  expect(problemsAt(errors, 'stages[1]', '.gates')).toEqual([
    'It does nothing',
    'The time that it is watched is too long',
  ]);
  expect(problemsAt(errors, 'stages[1].gates[0]')).toEqual(['The name is there twice']);
});
