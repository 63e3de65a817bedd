import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SubjectSample } from './subject-sample.ts';

const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('every subject counts once while there is room', () => {
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 100 }), (hashes) => {
      const sample = new SubjectSample(100);
      const seen = [...hashes, ...hashes].filter((each) => sample.add(each));
      expect(seen).toEqual([...new Set(hashes)]);
      expect(sample.share).toBe(1);
    }),
  );
});

test('what is kept never outgrows its room, and is the same in whatever order subjects come', () => {
  const many = fc.array(hash, { minLength: 20, maxLength: 300 });
  fc.assert(
    fc.property(many, fc.integer({ min: 1, max: 30 }), (hashes, max) => {
      const kept = (order: readonly number[]) => {
        const sample = new SubjectSample(max);
        for (const each of order) {
          sample.add(each);
          expect(sample.size).toBeLessThanOrEqual(max);
        }
        return [sample.size, sample.share];
      };
      const [size, share = 0] = kept(hashes);
      expect(kept(hashes.toSorted())).toEqual([size, share]);
      expect(kept(hashes.toReversed())).toEqual([size, share]);
      expect(new Set(hashes.filter((each) => each < share * 2 ** 32)).size).toBe(size);
    }),
  );
});
