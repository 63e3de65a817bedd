import { expect, test } from 'vitest';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';

const SEGMENT = '/projects/default/environments/production/segments/beta';
const KEYS = `${SEGMENT}/keys`;
const TARGETING = '/projects/default/flags/a/environments/production';

/** Two servers on one database. */
async function startTwo(): Promise<[TestServer, TestServer]> {
  const dataDir = newFolder();
  const first = await startApp({ dataDir });
  const servers: [TestServer, TestServer] = [first, await startApp({ dataDir })];
  for (const { app } of servers) await expect.poll(() => app.bunting.follower?.isListening).toBe(true);
  return servers;
}

function served({ app }: TestServer) {
  const ruleset = [...app.bunting.rulesets.all()].find(({ environment }) => environment === 'production');
  return { revision: ruleset?.revision, items: ruleset?.items().sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

async function exportKeys({ call }: TestServer): Promise<string[]> {
  const { body } = await call('GET', `${KEYS}/export`);
  return (body as string).split('\n').slice(0, -1).sort();
}

test('keys that two servers change at once are all changed, also while the list is cut anew', async () => {
  const [a, b] = await startTwo();
  await a.call('PUT', SEGMENT, {});
  await a.call('PUT', KEYS, 'gone-0\ngone-1\ngone-2', { 'content-type': 'text/plain' });
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, at) => {
      const add = Array.from({ length: 40 }, (_, each) => `user-${at}-${each}`);
      return [a, b][at % 2]?.call('POST', KEYS, { add, remove: at < 3 ? [`gone-${at}`] : [] });
    }),
  );
  expect(answers.map((answer) => [answer?.status, answer?.body.added])).toEqual(Array(12).fill([200, 40]));
  const wanted = Array.from({ length: 480 }, (_, at) => `user-${Math.floor(at / 40)}-${at % 40}`).sort();
  const last = Math.max(...answers.map((answer) => answer?.body.revision.number));
  await expect.poll(() => [a, b].map((server) => served(server).revision?.number)).toEqual([last, last]);
  expect(served(a)).toEqual(served(b));
  expect(await exportKeys(a)).toEqual(wanted);
  expect((await b.call('GET', SEGMENT)).body.includedCount).toBe(480);
});

test('a segment is never deleted on one server while a flag that names it is saved on the other', async () => {
  const [a, b] = await startTwo();
  await a.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const rules = [{ id: 'r', when: { segment: 'beta' }, serve: { variant: 'on' } }];
  for (let round = 0; round < 8; round++) {
    await a.call('PATCH', TARGETING, { rules: [] });
    await a.call('PUT', SEGMENT, {});
    const [saved, deleted] = await Promise.all([a.call('PATCH', TARGETING, { rules }), b.call('DELETE', SEGMENT)]);
    expect([
      [200, 409],
      [400, 200],
    ]).toContainEqual([saved.status, deleted.status]);
  }
});
