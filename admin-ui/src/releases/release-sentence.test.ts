import { expect, test } from 'vitest';
import { releaseSentence } from './release-sentence.ts';

test('phases are called as they are elsewhere, names stay as they are', () => {
  expect(releaseSentence('The migration is to go to dual_write.')).toBe('The migration is to go to dual write.');
  expect(
    releaseSentence('Migration plan "read_new" is at expand, and goes to contract only from stop_old_write:'),
  ).toBe('Migration plan "read_new" is at expand, and goes to contract only from stop old write:');
  expect(releaseSentence('Flag my_dual_write waits 3600 s.')).toBe('Flag my_dual_write waits 60 min.');
});
