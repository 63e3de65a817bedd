import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeenWindows } from './seen-windows.ts';

test('takes each window of an instance once, in whatever order of the last 64 they come', () => {
  const seqs = fc.array(fc.integer({ min: 1_000, max: 1_060 }), { maxLength: 200 });
  fc.assert(
    fc.property(seqs, (all) => {
      const seen = new SeenWindows();
      const taken = all.filter((seq) => seen.take('e', 'i', seq));
      expect(taken.toSorted()).toEqual([...new Set(all)].toSorted());
    }),
  );
});

test('takes a window for known that is older than all it remembers', () => {
  const seen = new SeenWindows();
  for (let seq = 1; seq <= 65; seq++) expect(seen.take('e', 'i', seq)).toBe(true);
  expect(seen.take('e', 'i', 1)).toBe(false);
  expect(seen.take('e', 'i', 0)).toBe(false);
});

test('keeps instances and environments apart', () => {
  const seen = new SeenWindows();
  expect(seen.take('e', 'i', 1)).toBe(true);
  expect(seen.take('e', 'j', 1)).toBe(true);
  expect(seen.take('f', 'i', 1)).toBe(true);
  expect(seen.take('e', 'i', 1)).toBe(false);
});
