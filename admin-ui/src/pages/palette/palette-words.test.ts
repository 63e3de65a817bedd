import { expect, test } from 'vitest';
import { isFoundBy } from './palette-words.ts';

test('words are found by how they begin, in any order and case', () => {
  expect(isFoundBy('prod key', 'Production: keys and instances')).toBe(true);
  expect(isFoundBy('KEYS', 'Production: keys and instances')).toBe(true);
  expect(isFoundBy('eys', 'Production: keys and instances')).toBe(false);
  expect(isFoundBy('prod flags', 'Production: keys and instances')).toBe(false);
});

test('nothing typed finds everything', () => {
  expect(isFoundBy('  ', 'New flag')).toBe(true);
});
