import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countOn } from '../store/counters.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';

const KILL = '/projects/default/flags/a/environments/production/kill';

function killsOf({ app }: TestServer) {
  return app.bunting.rulesets.named('default', 'production')?.kills;
}

test('a server that starts knows of a kill that nobody could store yet', async () => {
  const dataDir = newFolder();
  const a = await startApp({ dataDir });
  await listen(a.app);
  await a.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await expect.poll(() => a.app.bunting.cluster.self.url).not.toBe('');

  // Whoever wants to store a kill waits for this transaction.
  let holding: Promise<void> | undefined;
  const release = await new Promise<() => void>((resolve) => {
    holding = a.app.bunting.database.transaction().execute(async (tx) => {
      await countOn(tx, 'kills');
      await new Promise<void>((release) => resolve(release));
    });
  });
  const killing = a.call('POST', KILL, { reason: 'errors' });
  await expect.poll(() => killsOf(a)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  // As if it had a disk of its own.
  rmSync(join(dataDir, 'journal'), { recursive: true });
  const b = await startApp({ dataDir });
  expect(killsOf(b)).toEqual([]);
  await listen(b.app);
  await expect.poll(() => killsOf(b), { timeout: 5_000 }).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  release();
  await Promise.all([holding, killing]);

  for (const { app } of [a, b])
    await expect.poll(() => app.bunting.kills.unstoredRecords(), { timeout: 9_000 }).toEqual([]);
  const { body } = await b.call('GET', '/audit?project=default&flag=a&environment=production');
  expect(body.items).toMatchObject([{ action: 'flag.killed', after: { epoch: 1 } }]);
}, 30_000);

test('what another server says is checked, may hold more than is known, and never takes anything back', async () => {
  const server = await startApp();
  const { app } = server;
  const { environmentId = '' } = app.bunting.rulesets.named('default', 'production') ?? {};
  const actor = { kind: 'system', id: 'system', name: 'Bunting' };
  const kill = { environmentId, flag: 'a', epoch: 3, engaged: true, eventId: 'x', atMs: 1, actor, requestId: null };
  const post = async (body: object) => {
    const headers = { authorization: `Bearer ${app.bunting.cluster.token}` };
    const answer = await app.inject({ method: 'POST', url: '/internal/v1/kills', headers, payload: body });
    return [answer.statusCode, answer.json()];
  };
  const say = (...kills: object[]) =>
    post({ kills: kills.map((said) => ({ ...kill, reason: 'errors', ...said })), isStored: false });

  for (const wrong of [{ epoch: 0 }, { epoch: 2 ** 53 }, { engaged: 'yes' }, { flag: '../a' }, { reason: '\0' }]) {
    expect(await say(wrong)).toMatchObject([400, { code: 'validation_failed' }]);
  }
  expect(await post({ kills: 'all', isStored: false })).toMatchObject([400, {}]);
  expect(killsOf(server)).toEqual([]);
  expect(await say({ environmentId: 'nowhere' })).toEqual([200, { unknown: ['nowhere'] }]);
  expect(await say({ weather: 'fine' })).toEqual([200, { unknown: [] }]);
  await say({ engaged: false, eventId: 'y' }, { epoch: 2, engaged: false, eventId: 'z' });
  expect(killsOf(server)).toEqual([{ flag: 'a', epoch: 3, engaged: true }]);
  // Nobody else stores it, so this server does, after a while.
  const count = () => app.bunting.database.selectFrom('kills').select(['flag_key', 'epoch']).execute();
  await expect.poll(count, { timeout: 5_000 }).toEqual([{ flag_key: 'a', epoch: 3 }]);
});

test('what one signal killed on two servers at the same moment is one kill; what another killed then is told, too', async () => {
  const { app, call } = await startApp();
  const { environmentId = '' } = app.bunting.rulesets.named('default', 'production') ?? {};
  const killBy = (id: string, eventId: string) => ({
    ...{
      environmentId,
      flag: 'a',
      epoch: 1,
      engaged: true,
      eventId,
      atMs: Date.now(),
      requestId: null,
      reason: 'errors',
    },
    actor: { kind: 'signal', id, name: id },
    cause: { kind: 'signal', id: 'b', name: 'Errors', episode: 'e', summary: 'errors' },
  });
  const headers = { authorization: `Bearer ${app.bunting.cluster.token}` };
  const post = (isStored: boolean, ...kills: object[]) =>
    app.inject({ method: 'POST', url: '/internal/v1/kills', headers, payload: { kills, isStored } });
  await post(false, killBy('prom', 'z'), killBy('prom', 'y'));
  await post(false, killBy('grafana', 'x'));
  const told = async () => {
    const { body } = await call('GET', '/audit?project=default&action=flag.killed');
    return body.items.map(({ actor }: { actor: { id: string } }) => actor.id).sort();
  };
  await expect.poll(told, { timeout: 5_000 }).toEqual(['grafana', 'prom']);
  await expect.poll(() => app.bunting.kills.unstoredRecords()).toEqual([]);
  expect(await told()).toEqual(['grafana', 'prom']);
  const { body } = await call('GET', '/projects/default/environments/production/kill-timelines');
  expect(body.items).toHaveLength(2);
});
