import { expect, test } from 'vitest';
import { readKeys } from './read-keys.ts';

test('keys come a line each, without what surrounds or repeats them', () => {
  expect(readKeys(' u1 \r\nu2\n\nu1\n')).toEqual({ ok: true, keys: ['u1', 'u2'] });
});

test('nothing, too many and too long are refused with what helps', () => {
  expect(readKeys(' \n')).toMatchObject({ ok: false, error: expect.stringContaining('at least one') });
  const many = Array.from({ length: 10_001 }, (_, at) => `u${at}`).join('\n');
  expect(readKeys(many)).toMatchObject({ ok: false, error: expect.stringContaining('as a file') });
  expect(readKeys('x'.repeat(1_001))).toMatchObject({ ok: false, error: expect.stringContaining('1001') });
});
