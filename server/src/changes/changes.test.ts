import type { Item } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { hashOf } from '../rulesets/content-hash.ts';
import { MAX_RECENT_CHANGES } from '../rulesets/live-ruleset.ts';
import { loadItems, loadRuleset } from '../rulesets/repository.ts';
import { inSnapshot } from '../store/snapshot.ts';
import { ChangedMeanwhile } from '../store/store-failure.ts';
import { newFolder, startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const TARGETING = `${FLAGS}/a/environments/production`;

test('50 toggles at once get 50 consecutive revisions, and listeners see them in order', async () => {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const heard: number[] = [];
  app.bunting.rulesets.onChange((_, { revision }) => heard.push(revision.number));
  // Every one changes something: the rule's id is new each time.
  const when = { attribute: 'country', operator: 'in', values: ['CH'] };
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      call('PATCH', TARGETING, { enabled: at % 2 === 0, rules: [{ id: `r${at}`, when, serve: { variant: 'on' } }] }),
    ),
  );
  const numbers = answers.map(({ body }) => body.revision.number).sort((a, b) => a - b);
  const first = numbers[0];
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, at) => first + at));
  expect(heard).toEqual(numbers);
  for (const { body } of answers) {
    expect(body.flag.environments.production.version).toBe(body.revision.number - first + 2);
  }
});

test('after a restart the same revisions are served, and counted on', async () => {
  const dataDir = newFolder();
  const first = await startApp({ dataDir });
  await first.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const { body } = await first.call('PATCH', TARGETING, { enabled: true });
  const stateOf = ({ app }: typeof first) =>
    [...app.bunting.rulesets.all()].map(({ revision, committedAtMs, ...ruleset }) => ({
      revision,
      committedAtMs,
      environment: ruleset.environment,
    }));
  const before = stateOf(first);
  const items = [...first.app.bunting.rulesets.all()].map((ruleset) => ruleset.items());
  await first.app.close();
  const second = await startApp({ dataDir });
  expect(stateOf(second)).toEqual(before);
  expect([...second.app.bunting.rulesets.all()].map((ruleset) => ruleset.items())).toEqual(items);
  const production = [...second.app.bunting.rulesets.all()].find(({ environment }) => environment === 'production');
  expect(production?.differenceSince({ ...body.revision })).toEqual({ puts: [], deletes: [] });
  const next = await second.call('PATCH', TARGETING, { enabled: false });
  expect(next.body.revision).toMatchObject({
    incarnation: body.revision.incarnation,
    number: body.revision.number + 1,
  });
});

test('a ruleset that was changed in the database gets a new incarnation, so that SDKs take it as it is', async () => {
  const dataDir = newFolder();
  const first = await startApp({ dataDir });
  await first.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const before = (await first.call('GET', '/projects/default')).body.environments;
  const { id } = await first.app.bunting.database
    .selectFrom('environments')
    .select('id')
    .where('key', '=', 'production')
    .executeTakeFirstOrThrow();
  await first.app.bunting.database
    .updateTable('ruleset_items')
    .set({ json: '{}' })
    .where('environment_id', '=', id)
    .execute();
  await first.app.close();
  const second = await startApp({ dataDir });
  const after = (await second.call('GET', '/projects/default')).body.environments;
  expect(after[0]).toEqual(before[0]);
  expect(after[1].revision.incarnation).not.toBe(before[1].revision.incarnation);
  expect(second.app.bunting.rulesets.get(id)?.differenceSince(before[1].revision)).toBeUndefined();
  expect(second.logs.join('')).toContain('changed outside of this server');
});

test('a change that fails half-way leaves nothing behind, in the database or in memory', async () => {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const { changes, database, rulesets } = app.bunting;
  const [ruleset] = [...rulesets.all()];
  if (ruleset === undefined) throw new Error('there is a ruleset');
  const state = async () => ({
    rows: await inSnapshot(database, (tx) => loadRuleset(tx, ruleset.environmentId)),
    events: (await database.selectFrom('audit_events').selectAll().execute()).length,
    items: ruleset.items(),
    revision: ruleset.revision,
  });
  const before = await state();
  const failing = changes.commit(SYSTEM, async (draft) => {
    draft.put(ruleset.environmentId, { kind: 'flag', key: 'b', json: '{}' });
    await draft.audit({ action: 'x', target: { kind: 'x', key: 'x' } });
    await draft.stage();
    throw new Error('half-way');
  });
  await expect(failing).rejects.toThrow('half-way');
  expect(await state()).toEqual(before);
});

test('a change whose row another one changed meanwhile is made again, and of it there is nothing twice', async () => {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const { changes, rulesets } = app.bunting;
  const environmentId = [...rulesets.all()].map((ruleset) => ruleset.environmentId)[0] ?? '';
  const revisionOf = () => rulesets.get(environmentId)?.revision.number ?? Number.NaN;
  const before = revisionOf();
  let attempts = 0;
  await changes.commit(SYSTEM, async (draft) => {
    draft.delete(environmentId, { kind: 'flag', key: 'a' });
    attempts += 1;
    if (attempts < 3) throw new ChangedMeanwhile('It is another one now.');
  });
  expect([attempts, revisionOf()]).toEqual([3, before + 1]);
  const always = changes.commit(SYSTEM, () => Promise.reject(new ChangedMeanwhile('It is another one now.')));
  await expect(always).rejects.toMatchObject({ code: 'conflict' });
});

test('a listener that throws does not undo a change, and is reported', async () => {
  const { app, call, logs } = await startApp();
  app.bunting.rulesets.onChange(() => {
    throw new Error('deaf');
  });
  expect((await call('POST', FLAGS, { key: 'a', type: 'boolean' })).status).toBe(201);
  expect(logs.join('')).toContain('deaf');
});

test('after any changes, memory, items and hash agree with the database', async () => {
  const { app } = await startApp();
  const { changes, database, rulesets } = app.bunting;
  const [ruleset] = [...rulesets.all()];
  if (ruleset === undefined) throw new Error('there is a ruleset');
  const { environmentId } = ruleset;
  const anyEdit = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    json: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyEdit, { minLength: 1, maxLength: 6 }), async (edits) => {
      const before = ruleset.revision.number;
      const served = new Map(ruleset.items().map((item) => [item.key, item.json]));
      const wanted = new Map(served);
      await changes.commit(SYSTEM, async (draft) => {
        for (const { key, json } of edits) {
          if (json === undefined) draft.delete(environmentId, { kind: 'flag', key });
          else draft.put(environmentId, { kind: 'flag', key, json });
          if (json === undefined) wanted.delete(key);
          else wanted.set(key, json);
        }
      });
      const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);
      const items = ruleset.items().sort(byKey);
      expect(new Map(items.map((item) => [item.key, item.json]))).toEqual(wanted);
      expect((await loadItems(database, environmentId)).sort(byKey)).toEqual(items);
      expect(ruleset.revision.hash).toBe(hashOf(items));
      expect(ruleset.bytes).toBe(items.reduce((sum, { json }) => sum + json.length, 0));
      const isSame = wanted.size === served.size && [...wanted].every(([key, json]) => served.get(key) === json);
      expect(ruleset.revision.number).toBe(isSame ? before : before + 1);
      const row = await database
        .selectFrom('environments')
        .selectAll()
        .where('id', '=', environmentId)
        .executeTakeFirstOrThrow();
      expect({ number: row.number, hash: row.hash }).toEqual({
        number: ruleset.revision.number,
        hash: ruleset.revision.hash,
      });
    }),
    { numRuns: 60 },
  );
});

test('the change log keeps what can be resumed from, and no more', async () => {
  const { app } = await startApp();
  const { changes, database, rulesets } = app.bunting;
  const [ruleset] = [...rulesets.all()];
  if (ruleset === undefined) throw new Error('there is a ruleset');
  await database
    .updateTable('changes')
    .set({ number: -2 * MAX_RECENT_CHANGES })
    .where('environment_id', '=', ruleset.environmentId)
    .execute();
  await changes.commit(SYSTEM, async (draft) => {
    draft.put(ruleset.environmentId, { kind: 'flag', key: 'a', json: '{}' });
  });
  const rows = await database
    .selectFrom('changes')
    .selectAll()
    .where('environment_id', '=', ruleset.environmentId)
    .execute();
  expect(rows.map(({ number }) => number)).toEqual([ruleset.revision.number]);
});

test('a change of thousands of items is one revision, and agrees with the database as a small one does', async () => {
  const { app } = await startApp();
  const { changes, database, rulesets } = app.bunting;
  const [ruleset] = [...rulesets.all()];
  if (ruleset === undefined) throw new Error('there is a ruleset');
  const { environmentId } = ruleset;
  const item = (at: number, json: string): Item => ({ kind: 'keys', key: `s/included/${at}`, json });
  const write = (from: number, to: number, json: string, deleted: number[] = []) =>
    changes.commit(SYSTEM, async (draft) => {
      for (let at = from; at < to; at++) draft.put(environmentId, item(at, json));
      for (const at of deleted) draft.delete(environmentId, item(at, ''));
    });
  const first = ruleset.revision.number;
  await write(0, 2_000, '"a"');
  await write(500, 1_250, '"b"', [1_300, 1_301, 9_999]);
  expect(ruleset.revision.number).toBe(first + 2);
  const byKey = (a: Item, b: Item) => (a.key < b.key ? -1 : 1);
  const items = ruleset.items().sort(byKey);
  expect(items.filter(({ json }) => json === '"b"')).toHaveLength(750);
  expect(items).toHaveLength(1_998);
  expect((await loadItems(database, environmentId)).sort(byKey)).toEqual(items);
  expect(ruleset.revision.hash).toBe(hashOf(items));
  await write(0, 500, '"a"');
  expect(ruleset.revision.number).toBe(first + 2);
});

test('a change that is too large for the log empties it: after a restart, who missed it takes everything', async () => {
  const dataDir = newFolder();
  const { app } = await startApp({ dataDir });
  const { changes, database, rulesets } = app.bunting;
  const [ruleset] = [...rulesets.all()];
  if (ruleset === undefined) throw new Error('there is a ruleset');
  const { environmentId } = ruleset;
  const write = (key: string, json: string) =>
    changes.commit(SYSTEM, async (draft) => draft.put(environmentId, { kind: 'flag', key, json }));
  await write('a', '1');
  const before = ruleset.revision;
  await changes.commit(SYSTEM, async (draft) => {
    for (let at = 0; at <= 10_000; at++) draft.put(environmentId, { kind: 'keys', key: `s/included/${at}`, json: '1' });
  });
  const large = ruleset.revision;
  await write('d', '1');
  const small = ruleset.revision;
  await write('e', '1');
  // This process knows what was touched.
  expect(ruleset.differenceSince(before)?.puts).toHaveLength(10_003);
  const rows = await database
    .selectFrom('changes')
    .select('number')
    .where('environment_id', '=', environmentId)
    .execute();
  expect(rows.map(({ number }) => number)).toEqual([small.number, small.number + 1]);
  await app.close();
  const again = await startApp({ dataDir });
  const reloaded = again.app.bunting.rulesets.get(environmentId);
  expect(reloaded?.differenceSince(before)).toBeUndefined();
  expect(reloaded?.differenceSince(large)).toBeUndefined();
  expect(reloaded?.differenceSince(small)?.puts.map(({ key }) => key)).toEqual(['e']);
});
