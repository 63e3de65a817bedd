import { expect, test } from 'vitest';
import { firstIdOf, newId, newIdAfter } from './new-id.ts';

test('ids sort in the order they were made, whatever the clock does, and are UUIDs of version 7', () => {
  const ids = Array.from({ length: 10_000 }, (_, at) => newId(1_900_000_000_000 - (at % 100)));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an id that is to sort after another one does, also after one that was made by a clock that is ahead', () => {
  const nowMs = 1_950_000_000_000;
  const ahead = `${firstIdOf(nowMs + 60_000)}-8000-000000000000`;
  const after = newIdAfter(ahead, nowMs);
  expect([after > ahead, newIdAfter(undefined, nowMs) > after]).toEqual([true, true]);
});
