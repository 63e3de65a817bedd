import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KillBook } from './kill-book.ts';
import type { KillRecord } from './kill-record.ts';

const record: fc.Arbitrary<KillRecord> = fc.record({
  environmentId: fc.constantFrom('x', 'y'),
  flag: fc.constantFrom('a', 'b'),
  epoch: fc.integer({ min: 1, max: 4 }),
  engaged: fc.boolean(),
  eventId: fc.uuid(),
  atMs: fc.nat(),
  actor: fc.constant({ kind: 'system' as const, id: 'system', name: 'Bunting' }),
  requestId: fc.constant(null),
  reason: fc.constant('errors'),
});

const contentOf = (book: KillBook) => ['x', 'y'].map((id) => ['a', 'b'].map((flag) => book.get(id, flag)));

test('the same remain in whatever order they come, and however often', () => {
  const heard = fc.array(record, { minLength: 1 }).chain((records) => {
    const orders = fc.shuffledSubarray(records, { minLength: records.length });
    return fc.tuple(fc.constant(records), orders, fc.array(fc.constantFrom(...records)));
  });
  fc.assert(
    fc.property(heard, ([records, inAnotherOrder, again]) => {
      const books = [new KillBook(), new KillBook()];
      for (const record of records) books[0]?.take(record);
      for (const record of [...inAnotherOrder, ...again]) books[1]?.take(record);
      expect(contentOf(books[1] as KillBook)).toEqual(contentOf(books[0] as KillBook));
    }),
  );
});

test('the latest epoch stands, and of a kill and a re-arm under one epoch the kill', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1 }), (records) => {
      const book = new KillBook();
      for (const record of records) book.take(record);
      for (const { environmentId, flag } of records) {
        const rivals = records.filter((record) => record.environmentId === environmentId && record.flag === flag);
        const epoch = Math.max(...rivals.map((rival) => rival.epoch));
        const engaged = rivals.some((rival) => rival.epoch === epoch && rival.engaged);
        expect(book.get(environmentId, flag)).toMatchObject({ epoch, engaged });
      }
    }),
  );
});
