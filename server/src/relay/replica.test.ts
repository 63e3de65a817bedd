import type { ChangesMessage, Item, SnapshotMessage } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashSecret } from '../access/secrets.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { OriginClock } from './origin-clock.ts';
import type { KeysMessage } from './protocol.ts';
import { Replica } from './replica.ts';

const SECRET = 'bnt_srv_x';
const environment = { environmentId: 'e', project: 'p', environment: 'production' };
const keysMessage: KeysMessage = {
  type: 'keys',
  ...environment,
  keys: [{ id: 'k', kind: 'server', name: 'Shop', hash: hashSecret(SECRET) }],
};

function start() {
  const rulesets = new Rulesets((error) => {
    throw error;
  });
  const keys = new KeyRing();
  return { rulesets, keys, replica: new Replica({ rulesets, keys, clock: new OriginClock() }) };
}

const header = (number: number) => ({
  revision: { incarnation: 'i', number, hash: `h${number}` },
  committedAtMs: number,
  timeMs: 1_000_000,
});
const flag = (key: string, json: string): Item => ({ kind: 'flag', key, json });
const snapshot = (number: number, items: readonly Item[]): SnapshotMessage => ({
  type: 'snapshot',
  ...header(number),
  kills: [],
  items,
});
const changes = (
  from: number,
  to: number,
  items: readonly Item[],
  deletes: readonly string[] = [],
): ChangesMessage => ({
  type: 'changes',
  ...header(to),
  from,
  items,
  delete: deletes.map((key) => ({ kind: 'flag', key })),
});

test('keys hold from when there is something for them, and are those that were told last', () => {
  const { keys, replica } = start();
  replica.takeKeys(keysMessage);
  expect(keys.find(SECRET)).toBeUndefined();
  replica.take(snapshot(1, []));
  expect(keys.find(SECRET)).toMatchObject({ id: 'k', environmentId: 'e' });
  replica.takeKeys({ ...keysMessage, keys: [] });
  expect(keys.find(SECRET)).toBeUndefined();
  expect(() => replica.takeKeys({ ...keysMessage, environmentId: 'other' })).toThrow('another environment');
});

test('what does not fit changes nothing, not even the age', () => {
  const { replica } = start();
  expect(() => replica.take(snapshot(1, []))).toThrow('before the keys');
  replica.takeKeys(keysMessage);
  expect(() => replica.take(changes(1, 2, []))).toThrow('before any snapshot');
  expect(replica.age.ms).toBeUndefined();
  replica.take(snapshot(5, [flag('a', '1')]));
  replica.age.confirm(60_000);
  expect(() => replica.take(changes(4, 6, [flag('a', '2')]))).toThrow('it follows revision 4, here is 5');
  expect(() => replica.take({ ...snapshot(4, []), dataAgeMs: 90_000 })).toThrow('knows less');
  expect(replica.ruleset?.revision.number).toBe(5);
  expect(replica.age.ms).toBeGreaterThanOrEqual(60_000);
});

test('who is told of a change at once is told the new age with it', () => {
  const { rulesets, replica } = start();
  replica.takeKeys(keysMessage);
  replica.take(snapshot(1, []));
  const ages: (number | undefined)[] = [];
  rulesets.onChange(() => ages.push(replica.age.ms));
  rulesets.onReplace(() => ages.push(replica.age.ms));
  replica.age.confirm(60_000);
  replica.take(changes(1, 2, [flag('a', '1')]));
  replica.age.confirm(60_000);
  replica.take({ ...snapshot(9, []), dataAgeMs: 5_000 });
  expect(ages[0]).toBeLessThan(5_000);
  expect(ages[1]).toBeGreaterThanOrEqual(5_000);
  expect(ages[1]).toBeLessThan(60_000);
});

test('an older revision of an upstream that is in touch is taken', () => {
  const { replica } = start();
  replica.takeKeys(keysMessage);
  replica.take(snapshot(5, [flag('a', '1')]));
  replica.age.confirm(60_000);
  replica.take(snapshot(4, [flag('a', '0')]));
  expect(replica.ruleset?.items()).toEqual([flag('a', '0')]);
});

const anyStep = fc.record({
  puts: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(9)),
  deletes: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
  told: fc.constantFrom('changes' as const, 'snapshot' as const, 'nothing' as const),
});

test('whatever comes whole or as changes, and whatever is missed, it ends as the upstream', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      const { replica } = start();
      replica.takeKeys(keysMessage);
      const upstream = new Map<string, Item>();
      let number = 1;
      replica.take(snapshot(number, []));
      for (const { puts, deletes, told } of steps) {
        const items = Object.entries(puts).map(([key, value]) => flag(key, String(value)));
        const gone = deletes.filter((key) => !(key in puts));
        for (const item of items) upstream.set(item.key, item);
        for (const key of gone) upstream.delete(key);
        number += 1;
        if (told === 'snapshot') replica.take(snapshot(number, [...upstream.values()]));
        else if (told === 'changes') {
          const follows = replica.ruleset?.revision.number === number - 1;
          const take = () => replica.take(changes(number - 1, number, items, gone));
          if (follows) take();
          else expect(take).toThrow('it follows revision');
        }
      }
      if (replica.ruleset?.revision.number !== number) replica.take(snapshot(number, [...upstream.values()]));
      const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);
      expect(replica.ruleset?.items().sort(byKey)).toEqual([...upstream.values()].sort(byKey));
    }),
  );
});
