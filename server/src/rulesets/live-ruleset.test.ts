import type { Item, ItemName, Revision } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_HASH, hashOf } from './content-hash.ts';
import { type CommittedChange, LiveRuleset, MAX_RECENT_CHANGES } from './live-ruleset.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const anyStep = fc.record({
  puts: fc.dictionary(fc.constantFrom(...KEYS), fc.nat(9).map(String), { maxKeys: 3 }),
  deletes: fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 2 }),
});

const environment = { environmentId: 'e', project: 'p', environment: 'production' };
const first: Revision = { incarnation: 'i', number: 0, hash: EMPTY_HASH };

function newRuleset(): LiveRuleset {
  return new LiveRuleset({ ...environment, revision: first, committedAtMs: 0, items: [], recent: [], kills: [] });
}

/** Applies steps and remembers what was served at each revision. */
function live(steps: readonly { puts: Record<string, string>; deletes: string[] }[]) {
  const ruleset = newRuleset();
  const history: { revision: Revision; items: Map<string, Item> }[] = [];
  for (const { puts, deletes } of steps) {
    const items = new Map(ruleset.items().map((item) => [item.key, item]));
    const gone: ItemName[] = deletes
      .filter((key) => items.has(key) && !(key in puts))
      .map((key) => ({ kind: 'flag', key }));
    const come: Item[] = Object.entries(puts).map(([key, json]) => ({ kind: 'flag', key, json }));
    for (const item of come) items.set(item.key, item);
    for (const { key } of gone) items.delete(key);
    const revision = { incarnation: 'i', number: ruleset.revision.number + 1, hash: hashOf(items.values()) };
    ruleset.apply(changeTo(revision, come, gone));
    history.push({ revision, items });
  }
  return { ruleset, history };
}

function changeTo(revision: Revision, puts: Item[], deletes: ItemName[]): CommittedChange {
  return {
    environmentId: 'e',
    from: revision.number - 1,
    revision,
    committedAtMs: 0,
    committedTickMs: 0,
    puts,
    deletes,
  };
}

test('whatever revision a client has, the difference leads to the same items as a snapshot', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1, maxLength: 30 }), fc.nat(), (steps, seed) => {
      const { ruleset, history } = live(steps);
      const had = history[seed % history.length];
      const difference = had && ruleset.differenceSince(had.revision);
      if (had === undefined || difference === undefined) throw new Error('there is a difference');
      const items = new Map(had.items);
      for (const item of difference.puts) items.set(item.key, item);
      for (const { key } of difference.deletes) items.delete(key);
      const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);
      expect([...items.values()].sort(byKey)).toEqual(ruleset.items().sort(byKey));
      const names = [...difference.puts, ...difference.deletes].map(({ key }) => key);
      expect(new Set(names).size).toBe(names.length);
    }),
  );
});

test('a client that is too far behind, or from elsewhere, gets no difference', () => {
  const steps = Array.from({ length: MAX_RECENT_CHANGES + 1 }, (_, at) => ({ puts: { a: String(at) }, deletes: [] }));
  const { ruleset, history } = live(steps);
  const [tooOld, oldest] = history;
  if (tooOld === undefined || oldest === undefined) throw new Error('there is a history');
  expect(ruleset.differenceSince(tooOld.revision)).toBeUndefined();
  expect(ruleset.differenceSince(oldest.revision)).toMatchObject({ deletes: [], puts: [{ key: 'a' }] });
  expect(ruleset.differenceSince({ ...oldest.revision, hash: tooOld.revision.hash })).toBeUndefined();
  expect(ruleset.differenceSince({ ...ruleset.revision, incarnation: 'other' })).toBeUndefined();
  expect(ruleset.differenceSince({ ...ruleset.revision, number: 9_999 })).toBeUndefined();
});

test('refuses a change that does not follow', () => {
  const { ruleset } = live([{ puts: { a: '1' }, deletes: [] }]);
  const skipped = { ...ruleset.revision, number: 3 };
  expect(() => ruleset.apply(changeTo(skipped, [], []))).toThrow(/cannot follow/);
  expect(ruleset.revision.number).toBe(1);
});

test('keeps the latest kill of each flag, whatever their order, also when it is reset', () => {
  const ruleset = newRuleset();
  expect(ruleset.applyKill({ flag: 'a', epoch: 2, engaged: true })).toBe(true);
  expect(ruleset.applyKill({ flag: 'a', epoch: 1, engaged: false })).toBe(false);
  expect(ruleset.applyKill({ flag: 'a', epoch: 2, engaged: true })).toBe(false);
  const revision = { ...first, incarnation: 'another' };
  const late = { flag: 'b', epoch: 1, engaged: false };
  ruleset.reset({ ...environment, revision, committedAtMs: 5, items: [], recent: [], kills: [late] });
  expect(ruleset.revision).toEqual(revision);
  expect(ruleset.kills).toEqual([{ flag: 'a', epoch: 2, engaged: true }, late]);
});

test('changes that touched very many items are forgotten sooner, but never the latest', () => {
  const ruleset = newRuleset();
  const revisions: Revision[] = [];
  for (let number = 1; number <= 8; number++) {
    const puts = Array.from(
      { length: 30_000 },
      (_, at): Item => ({ kind: 'keys', key: `s/included/${at}`, json: `${number}` }),
    );
    const revision = { incarnation: 'i', number, hash: `${number}` };
    ruleset.apply(changeTo(revision, puts, []));
    revisions.push(revision);
  }
  const [oldest, , , , , known, previous] = revisions;
  if (oldest === undefined || known === undefined || previous === undefined) throw new Error('there are eight');
  expect(ruleset.differenceSince(oldest)).toBeUndefined();
  expect(ruleset.differenceSince(known)?.puts).toHaveLength(30_000);
  expect(ruleset.differenceSince(previous)?.puts).toHaveLength(30_000);
});

test('a change that touches very many items is known to whoever has the revision before it', () => {
  const ruleset = newRuleset();
  const puts = Array.from({ length: 300_000 }, (_, at): Item => ({ kind: 'keys', key: `s/included/${at}`, json: '1' }));
  ruleset.apply(changeTo({ incarnation: 'i', number: 1, hash: '1' }, puts, []));
  expect(ruleset.differenceSince(first)?.puts).toHaveLength(300_000);
});

test('what leads from the state that a ruleset began with, or was replaced by, is known', () => {
  const ruleset = newRuleset();
  const item: Item = { kind: 'flag', key: 'a', json: '1' };
  const revision = { incarnation: 'i', number: 1, hash: hashOf([item]) };
  ruleset.apply(changeTo(revision, [item], []));
  expect(ruleset.differenceSince(first)).toEqual({ puts: [item], deletes: [] });
  ruleset.reset({ ...environment, revision, committedAtMs: 0, items: [item], recent: [], kills: [] });
  ruleset.apply(changeTo({ incarnation: 'i', number: 2, hash: EMPTY_HASH }, [], [{ kind: 'flag', key: 'a' }]));
  expect(ruleset.differenceSince(revision)).toEqual({ puts: [], deletes: [{ kind: 'flag', key: 'a' }] });
});
