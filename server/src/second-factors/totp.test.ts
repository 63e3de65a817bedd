import { expect, test } from 'vitest';
import { newTotpSecret, stepOfCode, totpUri } from './totp.ts';

/** RFC 6238, appendix B: of the codes of 8 digits for SHA-1 the last 6, which are the codes of 6 digits. */
const VECTORS: [seconds: number, code: string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
];
/** `12345678901234567890` in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test.each(VECTORS)('at %d s since 1970 the code is %s', (seconds, code) => {
  expect(stepOfCode(SECRET, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
});

test('a code is taken one period early and late, not two', () => {
  const step = 1_000_000;
  const atStep = (offset: number) => stepOfCode(SECRET, '050471', (37037037 + offset) * 30_000);
  expect([-2, -1, 0, 1, 2].map(atStep)).toEqual([undefined, 37037037, 37037037, 37037037, undefined]);
  expect(stepOfCode(SECRET, '000000', step * 30_000)).toBeUndefined();
  expect(stepOfCode(SECRET, 'no digits', step * 30_000)).toBeUndefined();
});

test('apps read all that they need from the address', () => {
  const secret = newTotpSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  const url = new URL(totpUri(secret, 'ada@example.com', 'Bunting (flags.example.com)'));
  expect([url.protocol, url.host]).toEqual(['otpauth:', 'totp']);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ secret, algorithm: 'SHA1', digits: '6', period: '30' });
});
