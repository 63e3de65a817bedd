import type { Item } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_HASH, hashOf, updateHash } from './content-hash.ts';

const anyItem = fc.record({
  kind: fc.constant('flag' as const),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  json: fc.json({ maxDepth: 1 }),
});
/** A change: items that come (or replace others), and keys that go. */
const anyChange = fc.record({ puts: fc.array(anyItem), deletes: fc.array(fc.constantFrom('a', 'b', 'c', 'd')) });

test('kept up with any sequence of changes, it equals the hash from scratch', () => {
  fc.assert(
    fc.property(fc.array(anyChange), (changes) => {
      const items = new Map<string, Item>();
      let hash = EMPTY_HASH;
      for (const { puts, deletes } of changes) {
        for (const item of puts) {
          const replaced = items.get(item.key);
          hash = updateHash(hash, replaced === undefined ? [] : [replaced], [item]);
          items.set(item.key, item);
        }
        for (const key of deletes) {
          const removed = items.get(key);
          hash = updateHash(hash, removed === undefined ? [] : [removed], []);
          items.delete(key);
        }
        expect(hash).toBe(hashOf(items.values()));
        expect(hash).toMatch(/^[0-9a-f]{32}$/);
      }
    }),
  );
});

test('does not depend on the order of items', () => {
  fc.assert(
    fc.property(fc.array(anyItem), (items) => {
      expect(hashOf(items.toReversed())).toBe(hashOf(items));
    }),
  );
});

test('differs when a kind, a key or a document differs', () => {
  const item: Item = { kind: 'flag', key: 'a', json: '{}' };
  const hashes = [item, { ...item, key: 'b' }, { ...item, json: '[]' }, { ...item, kind: 'segment' as const }].map(
    (one) => hashOf([one]),
  );
  expect(new Set(hashes).size).toBe(4);
  expect(hashOf([])).toBe(EMPTY_HASH);
});
