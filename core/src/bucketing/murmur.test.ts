import fc from 'fast-check';
import oracle from 'murmurhash';
import { expect, test } from 'vitest';
import { murmur, murmurPrefix } from './murmur.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string(), fc.uuid());

test('any text hashes as the murmurhash package hashes its UTF-8 bytes, wherever it is cut into prefix and value', () => {
  fc.assert(
    fc.property(text, text, (prefix, value) => {
      expect(murmur(murmurPrefix(prefix), value) >>> 0).toBe(oracle.v3(prefix + value, 0));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['', 0],
  ['a', 0x3c2569b2],
  ['checkout:user-1', oracle.v3('checkout:user-1', 0)],
  ['é', oracle.v3('é', 0)],
  ['日本', oracle.v3('日本', 0)],
  ['🎏', oracle.v3('🎏', 0)],
])('%j hashes to its known value', (value, hash) => {
  expect(murmur(murmurPrefix(''), value) >>> 0).toBe(hash);
});

test('a lone surrogate hashes as U+FFFD, as a text encoder would send it', () => {
  expect(murmur(murmurPrefix(''), 'a\ud800b')).toBe(murmur(murmurPrefix(''), 'a\ufffdb'));
});

test('the result is a signed 32-bit integer', () => {
  fc.assert(
    fc.property(text, (value) => {
      const hash = murmur(murmurPrefix('flag:'), value);
      expect(hash).toBe(hash | 0);
    }),
  );
});
