import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePages, MAX_KEYS, MOST_PAGES } from './choose-pages.ts';

const anyCount = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: MAX_KEYS }));
const anyPages = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 14 }).map((power) => 2 ** power),
);

test('a list of any length is in the document, or in a power of two of pages that hold 20 to 88 keys on average', () => {
  fc.assert(
    fc.property(anyCount, anyPages, (count, current) => {
      const pages = choosePages(count, current);
      if (pages === 0) {
        expect(count).toBeLessThanOrEqual(256);
      } else {
        expect(Number.isInteger(Math.log2(pages))).toBe(true);
        expect(pages).toBeLessThanOrEqual(MOST_PAGES);
        expect(count / pages).toBeGreaterThanOrEqual(20);
        expect(count / pages).toBeLessThanOrEqual(88);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a list that was just cut is not cut anew before a third of its keys came or went', () => {
  const anyLong = fc.integer({ min: 300, max: MAX_KEYS });
  fc.assert(
    fc.property(anyLong, fc.double({ min: 0.67, max: 1.33, noNaN: true }), (count, factor) => {
      const pages = choosePages(count, 0);
      expect(choosePages(Math.round(count * factor), pages)).toBe(pages);
    }),
    { numRuns: 2_000 },
  );
});

test('a list at the border of the document does not go to and fro', () => {
  expect([
    choosePages(256, 0),
    choosePages(257, 0),
    choosePages(256, 8),
    choosePages(129, 8),
    choosePages(128, 8),
  ]).toEqual([0, 8, 8, 4, 0]);
});
