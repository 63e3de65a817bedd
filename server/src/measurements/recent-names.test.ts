import { expect, test } from 'vitest';
import { RecentNames } from './recent-names.ts';

test('keeps the first names apart, and new ones when those are not heard any more', () => {
  const names = new RecentNames({ max: 2, forgetAfterMs: 100 });
  expect(names.nameOf('e', '1.0', 0)).toBe('1.0');
  expect(names.nameOf('e', '1.1', 0)).toBe('1.1');
  expect(names.nameOf('e', '1.2', 50)).toBe('other');
  expect(names.nameOf('f', '1.2', 50)).toBe('1.2');
  expect(names.nameOf('e', '1.1', 80)).toBe('1.1');
  expect(names.nameOf('e', '1.2', 110)).toBe('1.2');
  expect(names.nameOf('e', '1.0', 110)).toBe('other');
});
