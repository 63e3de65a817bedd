import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toKeySet } from './key-set.ts';
import { PackedKeys } from './packed-keys.ts';

/** Keys that begin and end alike, so that a match of a part would show. */
const key = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '🎏', ' '), minLength: 1, maxLength: 4 });

describe('packed keys', () => {
  test('hold exactly the lines of their text', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 30 }), fc.array(key, { maxLength: 30 }), (keys, others) => {
        const packed = new PackedKeys(keys.join('\n'));
        const set = new Set(keys);
        expect(packed.size).toBe(set.size);
        for (const one of [...keys, ...others]) expect(packed.has(one)).toBe(set.has(one));
      }),
      { numRuns: 500 },
    );
  });

  test('hold no empty key, no key with a line end, and no two keys as one', () => {
    const packed = new PackedKeys('\nann\n\nbob\n');
    expect(packed.size).toBe(2);
    for (const absent of ['', '\n', 'ann\n', 'ann\n\nbob', 'an', 'nn', 'bobb']) expect(packed.has(absent)).toBe(false);
  });

  test('find each of a hundred thousand keys and none beside', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => `user-${i * 2}`);
    const set = toKeySet(keys);
    expect(set).toBeInstanceOf(PackedKeys);
    expect(set.size).toBe(100_000);
    for (let i = 0; i < 200_000; i += 7) if (set.has(`user-${i}`) !== (i % 2 === 0)) expect.unreachable(`user-${i}`);
  });
});

describe('a key list', () => {
  test('of few keys, as a list or packed, is the same set', () => {
    for (const set of [toKeySet(['ann', 'bob']), toKeySet('ann\nbob'), toKeySet('ann\n\nbob\n')]) {
      expect([set.size, set.has('ann'), set.has('bob'), set.has('')]).toEqual([2, true, true, false]);
    }
  });

  test('of many keys keeps those that have a line end', () => {
    const set = toKeySet([...Array.from({ length: 30_000 }, (_, i) => `k${i}`), 'with\nline end']);
    expect(set.has('with\nline end')).toBe(true);
    expect(set.has('with')).toBe(false);
  });
});
