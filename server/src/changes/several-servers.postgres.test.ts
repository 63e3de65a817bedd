import { CLOSE } from '@bunting/core';
import { expect, test } from 'vitest';
import { findProject } from '../projects/repository.ts';
import { Browser, OWNER } from '../testing/browser.ts';
import { startGate } from '../testing/gate.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';
import { newDatabase } from '../testing/test-database.ts';

const FLAGS = '/projects/default/flags';
const TARGETING = `${FLAGS}/a/environments/production`;

/** Two servers on one database, which hear of each other. */
async function startTwo(): Promise<[TestServer, TestServer]> {
  const dataDir = newFolder();
  // At once: the one that comes second waits for the other's migration and first project.
  const servers = await Promise.all([startApp({ dataDir }), startApp({ dataDir })]);
  const key = firstKey(servers);
  for (const { app } of servers) {
    await expect.poll(() => app.bunting.follower?.isListening).toBe(true);
    // The one that did not make the first project hears of its keys by a look.
    await expect.poll(() => app.bunting.keyRing.find(key)).toBeDefined();
  }
  return servers;
}

function ruleset({ app }: TestServer, environment = 'production') {
  const found = [...app.bunting.rulesets.all()].find((ruleset) => ruleset.environment === environment);
  if (found === undefined) throw new Error(`there is no environment ${environment}`);
  return found;
}

const firstKey = (servers: TestServer[]) =>
  servers.flatMap(({ app }) => app.bunting.firstKeys).find((key) => key.kind === 'server')?.secret ?? '';

test('servers that start at once on an empty database make one first project, and serve the same', async () => {
  const [a, b] = await startTwo();
  expect([a, b].map(({ app }) => app.bunting.firstKeys.length).sort()).toEqual([0, 4]);
  expect((await a.call('GET', '/projects')).body).toEqual((await b.call('GET', '/projects')).body);
  expect(ruleset(a).revision).toEqual(ruleset(b).revision);
});

test('a change on one server reaches sockets of the other, at once and once', async () => {
  const [a, b] = await startTwo();
  const client = await connect(await listen(b.app), hello(firstKey([a, b])));
  await client.next('snapshot');
  await a.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const change = await client.next('changes');
  expect(change.items).toMatchObject([{ kind: 'flag', key: 'a' }]);
  await expect.poll(() => ruleset(b).revision).toEqual(ruleset(a).revision);
  expect(change.revision).toEqual(ruleset(a, 'development').revision);
});

test('changes of one environment on both servers at once get numbers without gaps, and both serve the last', async () => {
  const [a, b] = await startTwo();
  await a.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await expect.poll(() => ruleset(b).revision).toEqual(ruleset(a).revision);
  const chains = [a, b].map((server) => {
    const chain: [number, number][] = [];
    server.app.bunting.rulesets.onChange((changed, { from, revision }) => {
      if (changed.environment === 'production') chain.push([from, revision.number]);
    });
    return chain;
  });
  const first = ruleset(a).revision.number;
  const when = { attribute: 'country', operator: 'in', values: ['CH'] };
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      [a, b][at % 2]?.call('PATCH', TARGETING, { rules: [{ id: `r${at}`, when, serve: { variant: 'on' } }] }),
    ),
  );
  const numbers = answers.map((answer) => answer?.body.revision.number).sort((one, other) => one - other);
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, at) => first + at + 1));
  await expect.poll(() => [a, b].map((server) => ruleset(server).revision.number)).toEqual([first + 40, first + 40]);
  expect(ruleset(a).revision).toEqual(ruleset(b).revision);
  expect(ruleset(a).items()).toEqual(ruleset(b).items());
  for (const chain of chains) {
    // Each begins where the one before ended: nothing is left out, doubled or out of order.
    expect(chain.map(([from]) => from)).toEqual([first, ...chain.slice(0, -1).map(([, to]) => to)]);
    expect(chain.at(-1)?.[1]).toBe(first + 40);
  }
});

test('of two who make the same flag at once one is told that it is there', async () => {
  const servers = await startTwo();
  const answers = await Promise.all(servers.map((server) => server.call('POST', FLAGS, { key: 'a', type: 'boolean' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  const projects = await Promise.all(
    servers.map((server) => server.call('POST', '/projects', { key: 'p', name: 'P' })),
  );
  expect(projects.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test('two who saw the same version cannot both save', async () => {
  const servers = await startTwo();
  await servers[0].call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const answers = await Promise.all(
    servers.map((server, at) => server.call('PATCH', `${FLAGS}/a`, { name: `${at}` }, { 'if-match': '"1"' })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
});

test('projects and environments made on one server are served by the other', async () => {
  const [a, b] = await startTwo();
  await a.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  const { body } = await a.call('POST', '/projects/shop/environments', { key: 'staging', name: 'Staging' });
  await expect.poll(() => b.app.bunting.rulesets.size).toBe(5);
  expect(ruleset(b, 'staging').revision).toEqual(body.revision);
  const key = await a.call('POST', '/projects/shop/environments/staging/keys', { kind: 'server', name: 'x' });
  await expect.poll(() => b.app.bunting.keyRing.find(key.body.secret)).toBeDefined();
  const client = await connect(await listen(b.app), hello(key.body.secret));
  expect((await client.next('snapshot')).revision).toEqual(body.revision);
});

test('a key revoked on one server is refused by the other, and its sockets there are closed', async () => {
  const [a, b] = await startTwo();
  const keys = '/projects/default/environments/production/keys';
  const { body } = await a.call('POST', keys, { kind: 'server', name: 'x' });
  await expect.poll(() => b.app.bunting.keyRing.find(body.secret)).toBeDefined();
  const client = await connect(await listen(b.app), hello(body.secret));
  await client.next('snapshot');
  await a.call('DELETE', `${keys}/${body.id}`);
  expect((await client.closed).code).toBe(CLOSE.keyRefused);
  expect(b.app.bunting.keyRing.find(body.secret)).toBeUndefined();
});

test('a kill on one server is in force on the other', async () => {
  const [a, b] = await startTwo();
  await a.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await expect.poll(() => ruleset(b).item('flag', 'a')).toBeDefined();
  const { status } = await a.call('POST', `${TARGETING}/kill`, { reason: 'x' });
  expect(status).toBe(200);
  await expect.poll(() => ruleset(b).kills, { timeout: 5_000 }).toMatchObject([{ flag: 'a', engaged: true }]);
});

test('any server takes the one-time link of any other, and links used at once make one owner', async () => {
  const [a, b] = await startTwo();
  const finish = ({ app }: TestServer, { app: printer }: TestServer, who: string) =>
    new Browser(app).call('POST', '/setup', {
      ...OWNER,
      email: `${who}@example.com`,
      token: printer.bunting.setupToken,
    });
  const answers = await Promise.all([finish(a, b, 'a'), finish(b, a, 'b'), finish(b, b, 'c')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
});

test('a session begun on one server is one on the other', async () => {
  const [a, b] = await startTwo();
  const browser = new Browser(a.app);
  await browser.call('POST', '/setup', { ...OWNER, token: a.app.bunting.setupToken });
  const other = new Browser(b.app);
  other.cookie = browser.cookie;
  expect((await other.call('GET', '/session')).status).toBe(200);
  await browser.call('DELETE', '/session');
  expect((await other.call('GET', '/session')).status).toBe(401);
});

test('an SDK that moves to another server gets only what it misses there', async () => {
  const [a, b] = await startTwo();
  const key = firstKey([a, b]);
  const client = await connect(await listen(a.app), hello(key));
  await client.next('snapshot');
  await a.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const { revision } = await client.next('changes');
  for (const at of [1, 2, 3]) await a.call('PATCH', `${FLAGS}/a`, { name: `${at}` });
  await a.call('PATCH', `${FLAGS}/a/environments/development`, { enabled: true });
  await expect.poll(() => ruleset(b, 'development').revision).toEqual(ruleset(a, 'development').revision);
  const moved = await connect(await listen(b.app), hello(key, { have: revision }));
  const change = await moved.next('changes');
  expect(change).toMatchObject({ from: revision.number, revision: ruleset(a, 'development').revision });
});

test('without notifications changes, keys and kills of the other server are found by looking, and counted as missed', async () => {
  const dataDir = newFolder();
  // The one listens where nothing is told, the other where nobody is.
  const elsewhere = { databaseListenUrl: await newDatabase(), databasePollMs: 100 };
  const nowhere = { databaseListenUrl: 'postgres://a@127.0.0.1:1/b', databasePollMs: 100 };
  const a = await startApp({ dataDir, config: elsewhere });
  const b = await startApp({ dataDir, config: nowhere });
  await a.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const { body: changed } = await b.call('PATCH', TARGETING, { enabled: true });
  await expect.poll(() => ruleset(a).revision).toEqual(changed.revision);
  expect(ruleset(b).revision).toEqual(changed.revision);
  const { body } = await a.call('POST', '/projects/default/environments/production/keys', {
    kind: 'server',
    name: 'x',
  });
  await expect.poll(() => b.app.bunting.keyRing.find(body.secret)).toBeDefined();
  await a.call('POST', `${TARGETING}/kill`, { reason: 'x' });
  await expect.poll(() => ruleset(b).kills).toMatchObject([{ flag: 'a', engaged: true }]);
  const notifications = async ({ app }: TestServer) => (await app.inject('/readyz')).json().notifications;
  expect(await notifications(a)).toBe('polling');
  expect(await notifications(b)).toBe('polling');
  const metrics = (await b.app.inject('/metrics')).body;
  expect(metrics).toMatch(/^bunting_notifications_missed_total [1-9]/m);
  expect(metrics).toMatch(/^bunting_catch_ups_total\{how="changes"\} [1-9]/m);
  expect(metrics).toMatch(/^bunting_commit_duration_seconds_count [1-9]/m);
  expect(metrics).toMatch(/^bunting_database_connections\{state="in_use"\} \d/m);
});

test('the time of a change that another server made is measured by the clock of the database', async () => {
  const dataDir = newFolder();
  const poll = { databaseListenUrl: 'postgres://a@127.0.0.1:1/b', databasePollMs: 300 };
  // Its own clock is an hour ahead.
  const a = await startApp({ dataDir, config: poll, now: () => Date.now() + 3_600_000 });
  const b = await startApp({ dataDir, config: poll });
  const ages: number[] = [];
  b.app.bunting.rulesets.onChange((_, { committedTickMs }) => ages.push(performance.now() - committedTickMs));
  const startMs = performance.now();
  await a.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await expect.poll(() => ages.length).toBe(2);
  const learnedMs = performance.now();
  for (const age of ages) {
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThanOrEqual(learnedMs - startMs + 5);
  }
});

test('who waits too long for another change of the project is told so; other projects and readiness do not mind', async () => {
  const { app, call } = await startApp({ config: { databaseLockTimeoutMs: 100 } });
  await call('POST', '/projects', { key: 'shop', name: 'Shop' });
  const { database } = app.bunting;
  await database.transaction().execute(async (tx) => {
    await findProject(tx, 'default');
    const refused = await call('POST', FLAGS, { key: 'a', type: 'boolean' });
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(refused.body).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('same project') });
    expect((await call('POST', '/projects/shop/flags', { key: 'a', type: 'boolean' })).status).toBe(201);
    expect((await app.inject('/readyz')).json().status).toBe('ready');
  });
  expect((await call('POST', FLAGS, { key: 'a', type: 'boolean' })).status).toBe(201);
});

test('a burst of changes keeps no reader waiting, and every one of them is made', async () => {
  const { app, call } = await startApp({ config: { databasePoolSize: 4, databaseConnectTimeoutMs: 1_000 } });
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const names = Array.from({ length: 120 }, (_, at) => `name ${at}`);
  const burst = Promise.all(names.map((name) => call('PATCH', `${FLAGS}/a`, { name })));
  expect((await call('GET', FLAGS)).status).toBe(200);
  expect((await burst).map(({ status }) => status)).toEqual(names.map(() => 200));
  expect((await call('GET', `${FLAGS}/a`)).body.version).toBe(121);
  expect(app.bunting.changes.failing).toBe(false);
});

test('an environment that is deleted on one server is gone on the other, with its sockets', async () => {
  const [a, b] = await startTwo();
  const environments = '/projects/default/environments';
  await a.call('POST', environments, { key: 'staging', name: 'Staging' });
  const { body: key } = await a.call('POST', `${environments}/staging/keys`, { kind: 'server', name: 'x' });
  await expect.poll(() => b.app.bunting.keyRing.find(key.secret)).toBeDefined();
  const client = await connect(await listen(b.app), hello(key.secret));
  await client.next('snapshot');
  await a.call('DELETE', `${environments}/staging?confirm=staging`);
  expect((await client.next('error')).code).toBe('key_refused');
  await expect.poll(() => b.app.bunting.rulesets.named('default', 'staging')).toBeUndefined();
  await b.call('POST', environments, { key: 'staging', name: 'Staging' });
  await expect.poll(() => a.app.bunting.rulesets.named('default', 'staging')?.revision.number).toBe(1);
  expect(b.app.bunting.rulesets.named('default', 'staging')?.revision.number).toBe(1);
});

test('a server that has lost the database says how old what it serves is, so that it confirms nothing newer', async () => {
  const databaseUrl = await newDatabase();
  const gate = await startGate(databaseUrl);
  const behindGate = new URL(databaseUrl);
  behindGate.host = `127.0.0.1:${gate.port}`;
  const server = await startApp({
    config: { databaseUrl: behindGate.href, databasePollMs: 100 },
    streamLimits: { heartbeatMs: 50 },
  });
  const client = await connect(await listen(server.app), hello(firstKey([server])));
  await client.next('snapshot');
  const age = () => client.messages.findLast((message) => message.type === 'heartbeat')?.dataAgeMs;
  await expect.poll(age).toBe(0);
  gate.cut();
  await expect.poll(age).toBeGreaterThan(300);
  gate.isOpen = true;
  await expect.poll(age).toBe(0);
});
