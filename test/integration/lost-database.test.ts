import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Postgres, startPostgresFor } from '../../tools/postgres.ts';
import { changeFlag, makeFlag } from '../processes/flags.ts';
import { newAdminKey, startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';

let postgres: Postgres;
let servers: TestServer[] = [];

beforeEach(async ({ skip }) => {
  servers = [];
  const started = await startPostgresFor('the tests of a PostgreSQL that is lost');
  skip(started === undefined);
  postgres = started as Postgres;
  const adminKey = newAdminKey();
  const env = { DATABASE_URL: await postgres.createDatabase() };
  for (let at = 0; at < 2; at++) servers.push(await startServer({ adminKey, env }));
  await makeFlag((servers[0] as TestServer).api, { key: 'a', type: 'boolean' });
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.remove()));
  await postgres?.stop();
});

interface Readiness {
  readonly status: string;
  readonly database: string;
  readonly notifications: string;
}

async function readiness({ url }: TestServer): Promise<Readiness> {
  const response = await fetch(`${url}/readyz`);
  expect(response.status).toBe(200);
  return (await response.json()) as Readiness;
}

const haveStatus = (status: string) =>
  waitFor(`every server to be ${status}`, async () =>
    (await Promise.all(servers.map(readiness))).every((state) => state.status === status),
  );

/** How a change is answered, and after how many milliseconds. */
async function attempt(server: TestServer, enabled: boolean) {
  const startMs = performance.now();
  const response = await fetch(`${server.url}/api/v1/projects/default/flags/a/environments/production`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ enabled }),
  });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, code, tookMs: performance.now() - startMs };
}

async function revisions(): Promise<unknown[]> {
  return Promise.all(
    servers.map(async ({ url }) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return /^bunting_revision\{project="default",environment="production"\} (\d+)$/m.exec(text)?.[1];
    }),
  );
}

test('when PostgreSQL crashes, servers stay ready, refuse changes at once, and go on by themselves when it is back', async () => {
  const [one, other] = servers as [TestServer, TestServer];
  await haveStatus('ready');
  await waitFor('both to listen', async () =>
    (await Promise.all(servers.map(readiness))).every(({ notifications }) => notifications === 'listening'),
  );
  await postgres.kill();
  const refused = await attempt(one, true);
  expect(refused).toMatchObject({ status: 503, code: 'store_unavailable' });
  expect(refused.tookMs).toBeLessThan(3_000);
  await haveStatus('degraded');

  await postgres.restart();
  await haveStatus('ready');
  await waitFor('a change on one', async () => (await attempt(one, true)).status === 200);
  expect((await attempt(other, false)).status).toBe(200);
  await waitFor('the same revision on both', async () => new Set(await revisions()).size === 1);
});

test('a PostgreSQL that hangs holds nobody up for long: readiness is told at once, changes are refused in seconds', async () => {
  const [one] = servers as [TestServer, TestServer];
  await haveStatus('ready');
  postgres.pause();
  try {
    const refused = await attempt(one, true);
    expect(refused).toMatchObject({ status: 503, code: 'store_unavailable' });
    expect(refused.tookMs).toBeLessThan(10_000);
    await haveStatus('degraded');
    const startMs = performance.now();
    await readiness(one);
    expect(performance.now() - startMs).toBeLessThan(1_000);
  } finally {
    postgres.resume();
  }
  await haveStatus('ready');
  await changeFlag(one.api, 'a', { enabled: true }, 'production');
  await waitFor('the same revision on both', async () => new Set(await revisions()).size === 1);
});

test('a server that starts without its database says so without the password, and ends', async () => {
  await postgres.kill();
  const [one] = servers as [TestServer, TestServer];
  await one.kill();
  const { password } = new URL(postgres.url);
  const ending = one.restart().catch((error: Error) => error.message);
  const message = await ending;
  expect(message).toBeDefined();
  expect(message).not.toContain(password);
});
