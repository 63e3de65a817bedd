import { setTimeout } from 'node:timers/promises';
import type { Item } from '@bunting/core';
import fc from 'fast-check';
import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { Changes } from '../changes/changes.ts';
import { startApp } from '../testing/start-app.ts';
import { engine } from '../testing/test-database.ts';
import { CatchUp } from './catch-up.ts';
import { hashOf } from './content-hash.ts';
import type { LiveRuleset } from './live-ruleset.ts';
import { Rulesets } from './rulesets.ts';

const SLOW: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  async transformResult({ result }) {
    await setTimeout(3 * Math.random());
    return result;
  },
};

const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);

/** A server, and the memory of another one on the same database: it commits too, and looks only when it is told to. */
async function startWithOther() {
  const { app } = await startApp();
  const { rulesets, changes, database } = app.bunting;
  const other = new Rulesets((error) => {
    throw error;
  });
  const warnings: unknown[] = [];
  const log = { warn: (fields: unknown) => warnings.push(fields), error: (fields: unknown) => warnings.push(fields) };
  const store = { engine, database };
  // Reads slowly, so that much is committed while it does.
  const slow = { engine, database: database.withPlugin(SLOW) };
  const catchUp = new CatchUp({ store: slow, rulesets: other, log: log as never });
  const otherChanges = new Changes({ store, rulesets: other, catchUp, now: Date.now });
  const [first] = rulesets.all();
  if (first === undefined) throw new Error('there is a ruleset');
  const { environmentId } = first;
  await catchUp.environment(environmentId);
  const follower = other.get(environmentId);
  if (follower === undefined) throw new Error('the other memory has it');
  const put = (key: string, json: string, by = changes) =>
    by.commit(SYSTEM, async (draft) => draft.put(environmentId, { kind: 'flag', key, json }));
  const remove = (key: string) =>
    changes.commit(SYSTEM, async (draft) => draft.delete(environmentId, { kind: 'flag', key }));
  return { app, other, follower, first, environmentId, catchUp, otherChanges, put, remove, warnings };
}

function expectSame(one: LiveRuleset, other: LiveRuleset): void {
  expect(one.revision).toEqual(other.revision);
  expect(one.items().sort(byKey)).toEqual(other.items().sort(byKey));
  expect(hashOf(one.items())).toBe(one.revision.hash);
}

test('whichever notifications are lost, doubled or late, every step leads on from the one before, and all is there in the end', async () => {
  const { other, follower, first, environmentId, catchUp, otherChanges, put, remove, app } = await startWithOther();
  const { database } = app.bunting;
  // What the other memory published: where each step began and led to; undefined for a replacement.
  const steps: ({ from: number; to: number } | undefined)[] = [];
  other.onChange((_, { from, revision }) => steps.push({ from, to: revision.number }));
  other.onReplace(() => steps.push(undefined));
  const action = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        json: fc.constantFrom('1', '2', '3'),
        by: fc.constantFrom('this server' as const, 'the other' as const),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom('remove' as const) },
    { weight: 4, arbitrary: fc.constantFrom('notify' as const, 'notify and wait' as const) },
    { weight: 1, arbitrary: fc.constantFrom('forget the log' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 14 }), async (actions) => {
      steps.length = 0;
      const start = follower.revision.number;
      const running: Promise<unknown>[] = [];
      for (const what of actions) {
        if (what === 'notify') running.push(catchUp.environment(environmentId));
        else if (what === 'notify and wait') await catchUp.environment(environmentId);
        else if (what === 'forget the log') running.push(database.deleteFrom('changes').execute());
        else if (what === 'remove') running.push(remove('a'));
        else running.push(put(what.key, what.json, what.by === 'the other' ? otherChanges : undefined));
      }
      await Promise.all(running);
      await Promise.all([catchUp.environment(environmentId), app.bunting.catchUp.environment(environmentId)]);
      expectSame(follower, first);
      let at = start;
      for (const [index, step] of steps.entries()) {
        if (step !== undefined) {
          expect(step.from).toBe(at);
          expect(step.to).toBeGreaterThan(step.from);
          at = step.to;
        } else {
          // Somewhere ahead: the next step says where.
          at = steps[index + 1]?.from ?? first.revision.number;
        }
      }
      expect(steps.at(-1)?.to ?? first.revision.number).toBe(first.revision.number);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('what was merged can be resumed from at each of its revisions', async () => {
  const { follower, catchUp, environmentId, put, first } = await startWithOther();
  const revisions = [follower.revision];
  for (const json of ['1', '2', '3']) {
    await put(json, json);
    revisions.push(first.revision);
  }
  await catchUp.environment(environmentId);
  expect(revisions.map((have) => follower.differenceSince(have)?.puts.map(({ key }) => key))).toEqual([
    ['1', '2', '3'],
    ['2', '3'],
    ['3'],
    [],
  ]);
});

test('a database that lost revisions which were served gets a new incarnation, whoever notices, once', async () => {
  const { app, follower, catchUp, environmentId, put, first, warnings } = await startWithOther();
  const { database } = app.bunting;
  await put('a', '1');
  await catchUp.environment(environmentId);
  const old = first.revision;
  const select = database.selectFrom('environments').select(['number', 'hash']).where('id', '=', environmentId);
  const row = await select.executeTakeFirstOrThrow();
  await put('a', '2');
  await catchUp.environment(environmentId);
  const lost = first.revision;
  // As it was before: a backup, or a standby that had not got the last commit.
  await database.updateTable('environments').set(row).where('id', '=', environmentId).execute();
  await database.updateTable('ruleset_items').set({ json: '1' }).where('key', '=', 'a').execute();
  for (const table of ['changes', 'revisions'] as const) {
    await database.deleteFrom(table).where('number', '=', lost.number).execute();
  }
  await database.deleteFrom('item_history').execute();
  await Promise.all([catchUp.environment(environmentId), catchUp.environment(environmentId)]);
  expect(follower.revision).toMatchObject({ number: old.number, hash: old.hash });
  expect(follower.revision.incarnation).not.toBe(old.incarnation);
  expect(follower.item('flag', 'a')?.json).toBe('1');
  expect(follower.differenceSince(lost)).toBeUndefined();
  expect(warnings).toHaveLength(1);
  // The server that wrote it finds the new incarnation when it commits again.
  await put('b', '1');
  await catchUp.environment(environmentId);
  expectSame(follower, first);
});

test('a database that was written into by hand gets a new incarnation when it is read as a whole', async () => {
  const { app, follower, catchUp, environmentId, put, first } = await startWithOther();
  await put('a', '1');
  await app.bunting.database.updateTable('ruleset_items').set({ json: '9' }).where('key', '=', 'a').execute();
  await put('b', '1');
  const before = first.revision.incarnation;
  await catchUp.environment(environmentId);
  expect(follower.revision.incarnation).not.toBe(before);
  expect(follower.item('flag', 'a')?.json).toBe('9');
  expect(hashOf(follower.items())).toBe(follower.revision.hash);
});
