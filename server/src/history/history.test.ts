import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { newFolder, startApp, type TestServer, type TestServerOptions } from '../testing/start-app.ts';
import { PastRulesets } from './past-rulesets.ts';

const FLAGS = '/projects/default/flags';
const FLAG = `${FLAGS}/a/environments/production`;
const PRODUCTION = '/projects/default/environments/production';
const REVISIONS = `${PRODUCTION}/revisions`;
const ada = { targetingKey: 'ada', country: 'CH' };
const when = { attribute: 'country', operator: 'in', values: ['CH'] };

/** A server whose clock goes on by a second with each look at it. */
async function start(options: TestServerOptions = {}): Promise<TestServer & { clock: { nowMs: number } }> {
  const clock = { nowMs: Date.UTC(2030, 0, 1) };
  const server = await startApp({ now: () => (clock.nowMs += 1000), ...options });
  await server.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  return { ...server, clock };
}

async function headOf({ call }: TestServer): Promise<number> {
  return (await call('GET', REVISIONS)).body.items[0].revision.number;
}

async function answerAt({ call }: TestServer, number: number, body: object = {}) {
  const answer = await call('POST', `${REVISIONS}/${number}/evaluate`, { flag: 'a', context: ada, ...body });
  return answer.body.answers?.[0]?.value ?? answer.body;
}

test('revisions are listed with what they changed, who did it and why', async () => {
  const server = await start();
  const comment = { 'bunting-comment': 'launch' };
  const { body: change } = await server.call('PATCH', FLAG, { enabled: true }, comment);
  await server.call('POST', `${FLAGS}/a/archive`);
  const { body } = await server.call('GET', `${REVISIONS}?limit=2`);
  const name = { kind: 'flag', key: 'a' };
  const key = { kind: 'key', id: expect.any(String), name: 'Bootstrap admin key' };
  const event = { id: expect.any(String), actor: key, target: name };
  expect(body.items).toEqual([
    expect.objectContaining({ put: [], deleted: [name], events: [{ ...event, action: 'flag.archived' }] }),
    {
      revision: change.revision,
      committedAt: change.committedAt,
      itemCount: 1,
      put: [name],
      deleted: [],
      change: expect.any(String),
      events: [{ ...event, action: 'flag.environment.updated', comment: 'launch' }],
    },
  ]);
  const { body: next } = await server.call('GET', `${REVISIONS}?cursor=${body.nextCursor}`);
  expect(next.items.map(({ revision }: { revision: { number: number } }) => revision.number)).toEqual([2, 1]);
});

test('any context is evaluated at any past revision, with the trace', async () => {
  const server = await start();
  const off = await headOf(server);
  await server.call('PATCH', FLAG, { enabled: true });
  await server.call('PATCH', FLAG, { rules: [{ id: 'swiss', when, serve: { variant: 'off' } }] });
  expect(await answerAt(server, off)).toBe(false);
  expect(await answerAt(server, off + 1)).toBe(true);
  expect(await answerAt(server, off + 2)).toBe(false);
  const { body } = await server.call('POST', `${REVISIONS}/${off + 2}/evaluate`, {
    flag: 'a',
    context: ada,
    trace: true,
  });
  expect(body.answers[0]).toMatchObject({ reason: 'TARGETING_MATCH', metadata: { ruleId: 'swiss' } });
  expect(body.trace.steps.at(-1)).toMatchObject({ step: 'rule', id: 'swiss', condition: { truth: 'true' } });
  const { body: all } = await server.call('POST', `${REVISIONS}/${off}/evaluate`, { context: {} });
  expect(all.answers.map(({ flag }: { flag: string }) => flag)).toEqual(['a']);
});

test('at a moment the revision, the kills and the clock are as they were then', async () => {
  const server = await start();
  const { clock, call } = server;
  const at = async (ms: number) => {
    const { body } = await call('POST', `${PRODUCTION}/history/evaluate`, {
      flag: 'a',
      context: ada,
      at: new Date(ms).toISOString(),
    });
    return body.answers[0].value;
  };
  const offMs = clock.nowMs;
  // A ramp by a linear schedule: nobody at its beginning, everybody an hour later.
  const ranges = (on: number) => [
    { variant: 'on', from: 0, to: on },
    { variant: 'off', from: on, to: 100_000 },
  ];
  const beginMs = clock.nowMs + 60_000;
  const schedule = [
    { atMs: beginMs, ranges: ranges(0) },
    { atMs: beginMs + 3_600_000, ranges: ranges(100_000), linear: true },
  ];
  const patch = { enabled: true, defaultRule: { split: { ranges: ranges(0), schedule } } };
  expect((await call('PATCH', FLAG, patch)).status).toBe(200);
  clock.nowMs = beginMs + 4_000_000;
  await call('POST', `${FLAG}/kill`, { reason: 'errors' });
  clock.nowMs += 60_000;
  const killedMs = clock.nowMs;
  await call('POST', `${FLAG}/rearm`, { reason: 'fixed' });
  expect(await at(offMs)).toBe(false);
  expect(await at(beginMs - 1)).toBe(false);
  expect(await at(beginMs + 3_600_000)).toBe(true);
  expect(await at(killedMs)).toBe(false);
  expect(await at(clock.nowMs)).toBe(true);

  const { body } = await call('POST', `${PRODUCTION}/history/transitions`, { flag: 'a', context: ada });
  expect(
    body.transitions.map(({ cause, became }: { cause: string; became: { value: boolean } }) => [cause, became.value]),
  ).toEqual([
    ['revision', false],
    ['time', true],
    ['kill', false],
    ['kill', true],
  ]);
  expect(body.first.errorCode).toBe('FLAG_NOT_FOUND');
  expect(body.transitions[2].events).toEqual([expect.objectContaining({ action: 'flag.killed', reason: 'errors' })]);
  const before = await call('POST', `${PRODUCTION}/history/evaluate`, { context: ada, at: '2000-01-01T00:00:00Z' });
  expect([before.status, before.body.details[0].path]).toEqual([400, 'at']);
});

test('all that made an answer differ is found, also when it went to and fro, and what did not is left out', async () => {
  const server = await start();
  const { call } = server;
  const segment = `${PRODUCTION}/segments/vips`;
  await call('PUT', segment, { name: 'VIPs' });
  await call('PATCH', FLAG, {
    enabled: true,
    defaultRule: { variant: 'off' },
    rules: [{ id: 'vips', when: { segment: 'vips' }, serve: { variant: 'on' } }],
  });
  const from = await headOf(server);
  await call('POST', `${segment}/keys`, { add: ['bob'] });
  await call('POST', `${segment}/keys`, { add: ['ada'] }, { 'bunting-comment': 'she asked' });
  await call('POST', FLAGS, { key: 'b', type: 'boolean' });
  await call('POST', `${segment}/keys`, { remove: ['ada'] });
  await call('PATCH', FLAG, { defaultRule: { variant: 'on' } });
  const { body } = await call('POST', `${PRODUCTION}/history/transitions`, { flag: 'a', context: ada, from });
  const shown = body.transitions.map((transition: { revision: number; became: { value: boolean } }) => [
    transition.revision - from,
    transition.became.value,
  ]);
  expect(shown).toEqual([
    [2, true],
    [4, false],
    [5, true],
  ]);
  expect(body.transitions[0].events).toEqual([
    expect.objectContaining({ action: 'segment.keys.changed', comment: 'she asked' }),
  ]);
  const none = await call('POST', `${PRODUCTION}/history/transitions`, {
    flag: 'a',
    context: ada,
    from: from + 2,
    to: from + 3,
  });
  expect(none.body.transitions).toEqual([]);
  const nobody = await call('POST', `${PRODUCTION}/history/transitions`, { flag: 'a', context: ada, from: 99 });
  expect([nobody.status, nobody.body.details[0].path]).toEqual([400, 'from']);
});

test('two revisions are compared, document by document, and pages of keys counted', async () => {
  const server = await start();
  const { call } = server;
  const segment = `${PRODUCTION}/segments/many`;
  await call('PUT', segment, { name: 'Many' });
  const before = await headOf(server);
  await call('POST', `${segment}/keys`, { add: Array.from({ length: 1000 }, (_, at) => `user-${at}`) });
  await call('PATCH', FLAG, { enabled: true });
  const { body } = await call('GET', `${REVISIONS}/${before}/diff/${before + 2}`);
  expect(body.items.map(({ kind, key }: { kind: string; key: string }) => `${kind} ${key}`)).toEqual([
    'flag a',
    'keys many/included',
    'segment many',
  ]);
  expect(body.items[0]).toMatchObject({ before: { enabled: false }, after: { enabled: true } });
  expect(body.items[1]).toEqual({ kind: 'keys', key: 'many/included', pages: expect.any(Number) });
  const back = await call('GET', `${REVISIONS}/${before + 2}/diff/${before}`);
  expect(back.body.items[0]).toMatchObject({ before: { enabled: true }, after: { enabled: false } });
  const { body: past } = await call('GET', `${REVISIONS}/${before}/items?kind=segment`);
  expect(past.items).toEqual([{ kind: 'segment', key: 'many', document: { key: 'many' } }]);
  const page = await call('GET', `${REVISIONS}/${before + 2}/items?limit=1`);
  const next = await call('GET', `${REVISIONS}/${before + 2}/items?limit=1&cursor=${page.body.nextCursor}`);
  expect([page.body.items[0].kind, next.body.items[0].kind]).toEqual(['flag', 'keys']);
  expect((await call('GET', `${REVISIONS}/99`)).status).toBe(404);
});

describe('what the history does not know for certain', () => {
  test('is refused, and what is certain still answered', async () => {
    const server = await start();
    const { app, call } = server;
    await call('PATCH', FLAG, { enabled: true });
    const on = await headOf(server);
    await call('PATCH', FLAG, { enabled: false });
    await app.bunting.database
      .updateTable('item_history')
      .set({ json: '{"key":"a"}' })
      .where('to_number', '=', on + 1)
      .execute();
    const { status, body } = await call('GET', `${REVISIONS}/${on}`);
    expect([status, body.code]).toEqual([409, 'history_incomplete']);
    expect((await call('GET', `${REVISIONS}/${on + 1}`)).body.counts).toEqual({ flag: 1 });
    const { body: walked } = await call('POST', `${PRODUCTION}/history/transitions`, {
      flag: 'a',
      context: ada,
      from: on - 1,
    });
    expect(walked.transitions).toHaveLength(2);
  });

  test('of a database that was written into, the incarnation before is told', async () => {
    const dataDir = newFolder();
    const first = await start({ dataDir });
    const { revision } = (await first.call('PATCH', FLAG, { enabled: true })).body;
    const { database } = first.app.bunting;
    await database.updateTable('ruleset_items').set({ json: '{"key":"a"}' }).execute();
    await first.app.close();
    const second = await startApp({ dataDir });
    const [head] = (await second.call('GET', REVISIONS)).body.items;
    expect(head).toMatchObject({ revision: { number: revision.number }, formerIncarnation: revision.incarnation });
    expect(head.revision.incarnation).not.toBe(revision.incarnation);
    expect((await second.call('GET', `${REVISIONS}/${revision.number}`)).status).toBe(200);
  });
});

test('what is older than is kept is forgotten, and what was in force then stays', async () => {
  const server = await start({ config: { historyRetentionDays: 30, auditOriginRetentionDays: 10 } });
  const { app, call, clock } = server;
  await call('PATCH', FLAG, { enabled: true });
  const inForce = await headOf(server);
  clock.nowMs += 31 * 86_400_000;
  await call('PATCH', FLAG, { enabled: false });
  await app.bunting.retention.sweep();
  const { items } = (await call('GET', REVISIONS)).body;
  expect(items.map(({ revision }: { revision: { number: number } }) => revision.number)).toEqual([
    inForce + 1,
    inForce,
  ]);
  expect(await answerAt(server, inForce)).toBe(true);
  expect((await call('GET', `${REVISIONS}/${inForce - 1}`)).status).toBe(404);
  const [latest, before] = (await call('GET', '/audit?limit=2')).body.items;
  expect([latest.origin.address, before.origin.address]).toEqual(['127.0.0.1', undefined]);
  expect((await call('GET', '/audit/verification')).body.intact).toBe(true);
});

test('after any changes, every past revision is as it was served', async () => {
  const { app } = await start();
  const { changes, database, rulesets } = app.bunting;
  const ruleset = rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is a ruleset');
  const { environmentId } = ruleset;
  const edit = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    json: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
  });
  const served = new Map<number, string>();
  const textOf = (items: readonly { kind: string; key: string; json: string }[]) =>
    items
      .map(({ kind, key, json }) => `${kind} ${key} ${json}`)
      .sort()
      .join('\n');
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      await changes.commit(SYSTEM, async (draft) => {
        for (const { key, json } of edits) {
          if (json === undefined) draft.delete(environmentId, { kind: 'flag', key });
          else draft.put(environmentId, { kind: 'flag', key, json });
        }
      });
      served.set(ruleset.revision.number, textOf(ruleset.items()));
      const past = new PastRulesets(database);
      for (const [number, text] of served) expect(textOf((await past.get(environmentId, number)).items)).toBe(text);
    }),
    { numRuns: 25 },
  );
});
