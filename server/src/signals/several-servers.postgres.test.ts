import { expect, test } from 'vitest';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';

const BINDING = {
  key: 'errors',
  source: 'prom',
  match: [{ label: 'alertname', equals: 'Errors' }],
  targets: { flags: { label: 'flag' }, environments: { keys: ['production'] } },
  mode: 'armed',
};

/** Two servers on one database that know of a source and a binding. */
async function startTwo(action: 'kill' | 'notify', mode = 'armed') {
  const dataDir = newFolder();
  const a = await startApp({ dataDir });
  await listen(a.app);
  const b = await startApp({ dataDir });
  await listen(b.app);
  const { call } = a;
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const source = { key: 'prom', name: 'P', vendor: 'alertmanager', allow: { action: 'kill' }, mode: 'armed' };
  const { body } = await call('POST', '/signal-sources', source);
  const made = await call('POST', '/projects/default/bindings', { ...BINDING, action, mode });
  expect(made.status).toBe(201);
  const alerts = [
    {
      status: 'firing',
      labels: { alertname: 'Errors', flag: 'a' },
      startsAt: new Date(Date.now() + 1).toISOString(),
      fingerprint: 'f1',
    },
  ];
  const headers = { authorization: `Bearer ${body.secret}`, 'content-type': 'application/json' };
  const send = ({ app }: TestServer) =>
    app.inject({ method: 'POST', url: '/signals/prom', headers, payload: JSON.stringify({ alerts }) });
  await expect.poll(() => b.app.bunting.sourceBook.get('prom')?.mode).toBe('armed');
  const foreseen = async () => {
    const { body: tried } = await b.call('POST', '/signal-sources/prom/sample', { labels: alerts[0]?.labels });
    return tried.alerts?.[0]?.foreseen;
  };
  await expect.poll(foreseen).toMatchObject([{ matched: true, mode }]);
  return { servers: [a, b], send };
}

test.each(['kill', 'notify'] as const)(
  'one delivery, 100 times at once on two servers, leads to one %s',
  async (action) => {
    const { servers, send } = await startTwo(action);
    const [a] = servers;
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => send(servers[at % 2] as TestServer)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    const eventsOf = async (name: string) => {
      const { body } = await (a as TestServer).call('GET', '/audit?project=default&limit=100');
      return body.items.filter((event: { action: string }) => event.action === name);
    };
    // A kill waits for nobody, so that each server may have begun it: it is one kill, told once.
    const told = { 'intervention.acted': 1, 'flag.killed': action === 'kill' ? 1 : 0 };
    for (const [name, count] of Object.entries(told)) await expect.poll(() => eventsOf(name)).toHaveLength(count);
    for (const { app } of servers) {
      await expect.poll(() => app.bunting.kills.unstoredRecords()).toEqual([]);
      await app.bunting.outcomeLog.settle();
    }
    for (const [name, count] of Object.entries(told)) expect(await eventsOf(name)).toHaveLength(count);
    const kills = action === 'kill' ? [{ flag: 'a', epoch: 1, engaged: true }] : [];
    for (const { app } of servers) {
      await expect.poll(() => app.bunting.rulesets.named('default', 'production')?.kills).toEqual(kills);
    }
    const { body } = await (a as TestServer).call('GET', '/signal-sources/prom/signals');
    expect(body.items).toMatchObject([{ state: 'matched', deliveries: 100 }]);
  },
  30_000,
);

test('what one server killed and a person re-armed stays so when the alert comes again to another server', async () => {
  const { servers, send } = await startTwo('kill');
  const [a, b] = servers as [TestServer, TestServer];
  const killsOn = ({ app }: TestServer) => app.bunting.rulesets.named('default', 'production')?.kills;
  expect((await send(a)).statusCode).toBe(200);
  await expect.poll(() => killsOn(b)).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  const path = '/projects/default/flags/a/environments/production/rearm';
  expect((await a.call('POST', path, { reason: 'fixed' })).status).toBe(200);
  await expect.poll(() => killsOn(b)).toEqual([{ flag: 'a', epoch: 2, engaged: false }]);
  expect((await send(b)).statusCode).toBe(200);
  expect((await send(a)).statusCode).toBe(200);
  for (const server of servers) expect(killsOn(server)).toEqual([{ flag: 'a', epoch: 2, engaged: false }]);
}, 30_000);

test('what two servers would have done at the same moment is told once', async () => {
  const { servers, send } = await startTwo('kill', 'dry_run');
  await Promise.all(Array.from({ length: 10 }, (_, at) => send(servers[at % 2] as TestServer)));
  for (const { app } of servers) await app.bunting.outcomeLog.settle();
  const { body } = await (servers[0] as TestServer).call(
    'GET',
    '/audit?project=default&action=intervention.would_have',
  );
  expect(body.items).toHaveLength(1);
}, 30_000);
