import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VersionedMap } from './versioned-map.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.record({
  /** Which of the versions so far the next one is derived from; mostly the newest. */
  back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(10) }),
  changes: fc.array(fc.tuple(key, fc.option(fc.nat(9), { nil: undefined })), { maxLength: 4 }),
  /** Reads an old version in between, which makes it keep a copy. */
  read: fc.option(fc.nat(10), { nil: undefined }),
});

test('every version, however it was derived and read, stays what a copied map would be', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      const versions = [{ map: new VersionedMap<number>(new Map([['a', 1]])), model: new Map([['a', 1]]) }];
      for (const { back, changes, read } of steps) {
        const from = versions.at(-1 - (back % versions.length));
        if (from === undefined) continue;
        const model = new Map(from.model);
        for (const [name, value] of new Map(changes)) value === undefined ? model.delete(name) : model.set(name, value);
        versions.push({ map: from.map.with(new Map(changes)), model });
        if (read !== undefined) [...(versions[read % versions.length]?.map.values() ?? [])];
      }
      for (const { map, model } of versions) {
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) expect(map.get(name)).toBe(model.get(name));
        expect(map.size).toBe(model.size);
      }
      for (const { map, model } of versions) {
        expect([...map.keys()].sort()).toEqual([...model.keys()].sort());
        expect([...map.values()].sort()).toEqual([...model.values()].sort());
      }
    }),
    { numRuns: 500 },
  );
});
