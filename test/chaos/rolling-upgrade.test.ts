import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { type Postgres, startPostgresFor } from '../../tools/postgres.ts';
import { preparePreviousVersion } from '../processes/previous-version.ts';
import { TcpProxy } from '../processes/proxy.ts';
import { newAdminKey, startServer, type TestServer } from '../processes/server.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

/** Knows PostgreSQL; the next migration after it is 0006-segments. */
const previousCommit = 'cf1d9407b96f';
const name = 'the rolling upgrade';

const { seed, size } = readPlan({
  sample: { instances: 6, betweenMs: 300 },
  whole: { instances: 60, betweenMs: 10_000 },
});

let postgres: Postgres | undefined;
const servers: TestServer[] = [];
let balancer: TcpProxy | undefined;
let scene: Scene | undefined;

afterEach(async () => {
  await scene?.close();
  await balancer?.close();
  for (const server of servers.splice(0)) await server.remove();
  await postgres?.stop();
});

test('two servers are upgraded one after the other, a migration between them, while flags are edited and asked', {
  timeout: 10 * 60_000,
}, async ({ skip }) => {
  const program = preparePreviousVersion(previousCommit, name);
  if (program === undefined) return skip();
  postgres = await startPostgresFor(name);
  if (postgres === undefined) return skip();
  const env = { DATABASE_URL: await postgres.createDatabase() };
  const adminKey = newAdminKey();
  for (let i = 0; i < 2; i++) servers.push(await startServer({ program, env, adminKey }));
  const random = seeded(seed);
  balancer = await TcpProxy.start(
    servers.map(({ url }) => url),
    random,
  );
  scene = await startScene({ servers, sdkUrls: [balancer.url], instances: size.instances, random });
  for (const server of servers) {
    await sleep(size.betweenMs);
    // As an administrator does it: the server takes leave of its SDKs, and the next version migrates as it starts.
    expect(await server.stop()).toBe(0);
    await sleep(size.betweenMs);
    await server.restart('server/dist/main.js');
    await sleep(size.betweenMs);
  }
  const settled = await scene.settle();
  const { api } = servers[0] ?? {};
  // Also what the earlier version wrote, which knew of no chain, while today's wrote beside it.
  expect(await api?.call('GET', '/audit/verification')).toMatchObject({ intact: true, problems: [] });
  const { items } = (await api?.call<{ items: { seq: number | null }[] }>('GET', '/audit?limit=200')) ?? { items: [] };
  expect(items.filter(({ seq }) => seq === null)).toEqual([]);
  console.log(`rolling-upgrade: seed ${seed}, from ${previousCommit}; ${settled}`);
});
