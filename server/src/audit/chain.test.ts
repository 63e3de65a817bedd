import { toCanonicalJson } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { chainOldEvents } from './chain.ts';
import { verifyChains } from './verify.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = `${FLAGS}/a/environments/production`;

async function startWithEvents(options: { dataDir?: string } = {}): Promise<TestServer> {
  const server = await startApp(options);
  await server.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  for (const enabled of [true, false, true]) await server.call('PATCH', PRODUCTION, { enabled });
  await server.call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  await server.call('POST', `${PRODUCTION}/rearm`, { reason: 'fixed' });
  return server;
}

async function problemsOf({ app }: TestServer, chain = 'project:default') {
  const chains = await verifyChains(app.bunting.database);
  return chains.find((candidate) => candidate.chain === chain)?.problems;
}

test('events follow one another without gaps, in a chain for each project and one for the installation', async () => {
  const server = await startWithEvents();
  await server.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  const chains = await verifyChains(server.app.bunting.database);
  expect(chains.map(({ chain, events, problems }) => ({ chain, events, problems }))).toEqual([
    { chain: 'installation', events: 1, problems: [] },
    { chain: 'project:default', events: expect.any(Number), problems: [] },
    { chain: 'project:shop', events: 3, problems: [] },
  ]);
  const { items } = (await server.call('GET', '/audit?project=default&limit=200')).body;
  const seqs = items.map(({ seq }: { seq: number }) => seq);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, at) => seqs.length - at));
});

test.each([
  ['what it says', { after: '{"enabled":false}' }, /not what was written/],
  ['who did it', { actor_name: 'Eve' }, /not what was written/],
  ['when', { at: 1 }, /not what was written/],
  ['why', { comment: 'because' }, /not what was written/],
  ['its revisions', { revisions: '[]' }, /not what was written/],
  ['from where', { origin: '{"address":"10.0.0.1","salt":"x"}' }, /origin is not what was written/],
  ['the digest of from where', { origin_digest: 'x' }, /not what was written/],
  ['text that is no JSON', { before: '{' }, /not what was written/],
])('an event of which one changes %s is found', async (_, change, message) => {
  const server = await startWithEvents();
  const seq = 8;
  await server.app.bunting.database
    .updateTable('audit_events')
    .set(change)
    .where('chain', '=', 'project:default')
    .where('seq', '=', seq)
    .execute();
  expect((await problemsOf(server))?.[0]).toMatchObject({ seq, message: expect.stringMatching(message) });
});

test('an event that is taken out, and a chain that is cut short, are found', async () => {
  const server = await startWithEvents();
  const { database } = server.app.bunting;
  await database.deleteFrom('audit_events').where('chain', '=', 'project:default').where('seq', '=', 3).execute();
  expect(await problemsOf(server)).toEqual([{ seq: 3, message: 'is missing' }]);
  await database.deleteFrom('audit_events').where('chain', '=', 'project:default').where('seq', '>', 5).execute();
  expect((await problemsOf(server))?.[1]).toMatchObject({ seq: 6, message: expect.stringContaining('from 6 on') });
});

test('from where an event came can be erased, and the chain still holds', async () => {
  const server = await startWithEvents();
  await server.app.bunting.database.updateTable('audit_events').set({ origin: null }).execute();
  expect(await problemsOf(server)).toEqual([]);
  const { items } = (await server.call('GET', '/audit?project=default&limit=1')).body;
  expect(items[0].origin).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('changes at the same time give a chain without gaps', async () => {
  const server = await startWithEvents();
  await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      at % 4 === 3
        ? server.call('POST', `${PRODUCTION}/${at % 8 === 3 ? 'kill' : 'rearm'}`, { reason: `${at}` })
        : server.call('PATCH', `${FLAGS}/a`, { description: `${at}` }),
    ),
  );
  expect(await problemsOf(server)).toEqual([]);
});

test('events from before there were chains are chained as they are, also those of a server of before that goes on', async () => {
  const dataDir = newFolder();
  const first = await startWithEvents({ dataDir });
  const { database } = first.app.bunting;
  await database.updateTable('audit_events').set({ chain: null, seq: null, hash: null }).execute();
  await database.deleteFrom('audit_chains').execute();
  await first.app.close();
  const second = await startApp({ dataDir });
  expect(await problemsOf(second)).toEqual([]);
  const { items } = (await second.call('GET', '/audit?limit=200')).body;
  expect(items.filter(({ seq }: { seq: number | null }) => seq === null)).toEqual([]);

  const { chain, seq, hash, ...old } = await second.app.bunting.database
    .selectFrom('audit_events')
    .selectAll()
    .where('project', '=', 'default')
    .limit(1)
    .executeTakeFirstOrThrow();
  const late = { ...old, id: `${old.id}-late`, change_id: null, revisions: null, origin: null, origin_digest: null };
  await second.app.bunting.database
    .insertInto('audit_events')
    .values({ ...late, chain: null, seq: null, hash: null })
    .execute();
  expect(await chainOldEvents(second.app.bunting.database)).toBe(1);
  expect(await chainOldEvents(second.app.bunting.database)).toBe(0);
  expect(await problemsOf(second)).toEqual([]);
});

test('canonical JSON is the same whatever the order of names, and says the same as the value', () => {
  expect(toCanonicalJson({ b: [1, 'é\n', null, 1e21, -0], a: { '': true, ä: undefined } })).toBe(
    '{"a":{"":true},"b":[1,"é\\n",null,1e+21,0]}',
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(JSON.parse(toCanonicalJson(value)))).toHaveLength(text.length);
      const reversed = JSON.parse(text, (_, member) =>
        typeof member === 'object' && member !== null && !Array.isArray(member)
          ? Object.fromEntries(Object.entries(member).reverse())
          : member,
      );
      expect(toCanonicalJson(reversed)).toBe(toCanonicalJson(value));
    }),
  );
});
