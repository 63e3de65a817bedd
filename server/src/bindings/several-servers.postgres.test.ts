import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { episodeOf, type SignalAlert } from '../signals/episode.ts';
import { countOn } from '../store/counters.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';

const BINDINGS = '/projects/default/bindings';
const RULE = {
  source: 'prom',
  targets: { flags: { keys: ['a'] }, environments: { keys: ['production'] } },
  mode: 'armed',
};

test('of one episode that is delivered to two servers a hundred times comes one kill and one notification', async () => {
  const dataDir = newFolder();
  const a = await startApp({ dataDir });
  await listen(a.app);
  await a.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const b = await startApp({ dataDir });
  await listen(b.app);
  const source = { key: 'prom', name: 'Prometheus', vendor: 'alertmanager', mode: 'armed', allow: { action: 'kill' } };
  await a.call('POST', '/signal-sources', source);
  const [page, ticket] = ['page', 'ticket'].map((equals) => [{ label: 'severity', equals }]);
  await a.call('POST', '/projects/default/bindings', { ...RULE, key: 'kills', match: page, action: 'kill' });
  await a.call('POST', '/projects/default/bindings', { ...RULE, key: 'tells', match: ticket, action: 'notify' });
  for (const { app } of [a, b]) await expect.poll(() => app.bunting.bindingBook.of({ key: 'prom' }).length).toBe(2);
  await expect.poll(() => b.app.bunting.sourceBook.get('prom')).toBeDefined();

  const deliver = (server: TestServer, severity: string) => {
    const known = server.app.bunting.sourceBook.get('prom');
    if (known === undefined) throw new Error('there is no source');
    const nowMs = Date.now();
    const sent: SignalAlert = {
      ...{ sourceId: known.id, source: 'prom', vendor: 'alertmanager', fingerprint: severity, startsAtMs },
      ...{ episode: episodeOf(known.id, severity, '1'), status: 'firing', occurredAtMs: nowMs, receivedAtMs: nowMs },
      ...{ deliveryId: 'd', labels: { severity }, annotations: {} },
    };
    return server.app.bunting.bindings.take(known, sent);
  };
  const startsAtMs = Date.now();
  const deliverMany = async (severity: string) => {
    const taken = await Promise.all(Array.from({ length: 100 }, (_, at) => deliver(at % 2 === 0 ? a : b, severity)));
    return taken.flat().flatMap(({ outcomes }) => outcomes.map(({ result }) => result));
  };

  expect(await deliverMany('ticket')).toEqual(['acted']);
  // Each server acts at once, and one kill comes of it.
  expect(await deliverMany('page')).toContain('acted');
  const killed = ({ app }: TestServer) => app.bunting.kills.inForce().map(({ flag, epoch }) => ({ flag, epoch }));
  for (const server of [a, b]) expect(killed(server)).toEqual([{ flag: 'a', epoch: 1 }]);

  await a.call('POST', '/projects/default/flags/a/environments/production/rearm', { reason: 'fixed' });
  await expect.poll(() => killed(b)).toEqual([]);
  const late = await startApp({ dataDir });
  for (const server of [a, b, late]) {
    const outcomes = (await deliver(server, 'page')).flatMap((one) => one.outcomes);
    expect(outcomes.filter(({ result }) => result === 'acted')).toEqual([]);
  }
  expect([killed(a), killed(b), killed(late)]).toEqual([[], [], []]);
}, 30_000);

test('a change of a binding that waits for its project keeps nobody else from counting on', async () => {
  const { app, call } = await startApp();
  await call('POST', '/signal-sources', { key: 'prom', name: 'Prometheus', vendor: 'alertmanager' });
  expect(
    (
      await call('POST', BINDINGS, {
        ...RULE,
        key: 'kills',
        match: [{ label: 'severity', equals: 'page' }],
        action: 'notify',
      })
    ).status,
  ).toBe(201);
  const { database } = app.bunting;
  for (const change of [
    () => call('PATCH', `${BINDINGS}/kills`, { name: 'Kills' }),
    () => call('DELETE', `${BINDINGS}/kills`),
  ]) {
    const other = await database.startTransaction().execute();
    await other.updateTable('projects').set({ name: 'Default' }).where('key', '=', 'default').execute();
    const changing = change();
    const waiting = sql<object>`select from pg_locks where not granted`;
    await expect.poll(async () => (await waiting.execute(database)).rows.length).toBeGreaterThan(0);
    await sql`set local lock_timeout = '100ms'`.execute(other);
    await expect(countOn(other, 'bindings').finally(() => other.commit().execute())).resolves.toBeGreaterThan(0);
    expect((await changing).status).toBeLessThan(300);
  }
});
