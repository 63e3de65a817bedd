import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgresFor } from '../../tools/postgres.ts';
import { TcpProxy } from '../processes/proxy.ts';
import { newAdminKey, startServer, type TestServer } from '../processes/server.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { rounds: 1, instances: 6, frozenMs: 1_000, pauseMs: 200 },
  whole: { rounds: 4, instances: 40, frozenMs: 30_000, pauseMs: 1_000 },
});

const random = seeded(seed);
const pause = () => sleep(size.pauseMs * (0.5 + random()));

let postgres: Postgres | undefined;
let servers: TestServer[] = [];
let balancer: TcpProxy | undefined;
let scene: Scene | undefined;

beforeAll(async () => {
  postgres = await startPostgresFor('the chaos proofs of several servers');
});
afterAll(() => postgres?.stop());

/** Two servers on a database of their own, and applications that come to either of them through a load balancer. */
async function open(database: Postgres): Promise<Scene> {
  const env = { DATABASE_URL: await database.createDatabase() };
  const adminKey = newAdminKey();
  servers = [await startServer({ env, adminKey }), await startServer({ env, adminKey })];
  balancer = await TcpProxy.start(
    servers.map(({ url }) => url),
    random,
  );
  scene = await startScene({ servers, sdkUrls: [balancer.url], instances: size.instances, withPage: true, random });
  return scene;
}

afterEach(async () => {
  postgres?.resume();
  for (const { child } of servers) child.signal('SIGCONT');
  await scene?.close();
  await balancer?.close();
  for (const server of servers.splice(0)) await server.remove();
});

test('either of two servers may die or stand still: the other goes on for both', { timeout: 20 * 60_000 }, async ({
  skip,
}) => {
  if (postgres === undefined) return skip();
  const { settle } = await open(postgres);
  for (let round = 0; round < size.rounds; round++) {
    const [dying, frozen] = round % 2 === 0 ? servers : servers.toReversed();
    await pause();
    await dying?.kill();
    await pause();
    await dying?.restart();
    await pause();
    frozen?.child.signal('SIGSTOP');
    await sleep(size.frozenMs);
    frozen?.child.signal('SIGCONT');
  }
  console.log(`several-servers: seed ${seed}; ${await settle()}`);
});

test('PostgreSQL may crash or stand still: answers go on from memory, and edits as soon as it is back', {
  timeout: 20 * 60_000,
}, async ({ skip }) => {
  if (postgres === undefined) return skip();
  const { settle, witnesses } = await open(postgres);
  for (let round = 0; round < size.rounds; round++) {
    await pause();
    await postgres.kill();
    const before = await witnesses.heard();
    await pause();
    expect((await witnesses.heard()).answers).toBeGreaterThan(before.answers);
    for (const { url } of servers) expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await postgres.restart();
    await pause();
    postgres.pause();
    await sleep(size.frozenMs);
    for (const { url } of servers) expect((await fetch(`${url}/readyz`)).status).toBe(200);
    postgres.resume();
  }
  console.log(`several-servers, PostgreSQL: seed ${seed}; ${await settle()}`);
});
