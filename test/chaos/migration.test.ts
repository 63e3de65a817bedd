import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Postgres, startPostgresFor } from '../../tools/postgres.ts';
import { type OrdersScene, PHASES, type Phase, startOrders } from '../processes/orders.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { rows: 2_000, instances: 2, users: 3, restMs: 5, phaseTimeoutMs: 90_000 },
  whole: { rows: 1_000_000, instances: 2, users: 8, restMs: 2, phaseTimeoutMs: 600_000 },
});
const isWhole = process.env.BUNTING_PROVE === '1';
/** After a kill the next stage waits a minute for whoever may come back: the sample has one. */
const deaths: readonly Phase[] = isWhole ? PHASES : ['contract'];
const random = seeded(seed);
const RUNNER = "application_name like 'bunting migration%'";
const FLAG = '/projects/default/flags/orders/environments/development';

let postgres: Postgres | undefined;
let server: TestServer | undefined;
let scene: OrdersScene | undefined;

beforeAll(async () => {
  postgres = await startPostgresFor('the proof of migrations', { settings: { fsync: 'off' } });
});
afterAll(() => postgres?.stop());
afterEach(async () => {
  await scene?.close();
  await server?.remove();
});

/** What goes wrong on the way to each phase. */
const FAILURES: Readonly<Record<Phase, (scene: OrdersScene, server: TestServer) => Promise<void>>> = {
  expand: (_, server) => die('expand', server),
  async dual_write({ client }, server) {
    await client.query('begin; lock table orders_new');
    await sleep(800);
    await client.query('commit');
    await die('dual_write', server);
  },
  async backfill({ client, plan }, server) {
    for (let times = 0; times < 3; times++) {
      await sleep(300 * random());
      await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${RUNNER}`);
    }
    if ((await plan()).isMoving) await die('backfill', server);
  },
  /** The new side is wrong: that is seen before anybody is given its answers, and healed. */
  async shadow_read({ client, plan, go, reach }) {
    await client.query('update orders_new set cents = cents + 1');
    const stopped = await waitFor('the reads to differ', async () => (await plan()).problem ?? undefined, 60_000);
    expect(stopped).toMatch(/reads that were compared \d+ differ/);
    await go('dual_write');
    await reach('dual_write', size.phaseTimeoutMs);
    await go('shadow_read');
  },
  async read_new(_, server) {
    await sleep(500 * random());
    await server.api.call('POST', `${FLAG}/kill`, { reason: 'what is new is slow' });
    await sleep(500);
    await server.api.call('POST', `${FLAG}/rearm`, { reason: 'it is not' });
    await die('read_new', server);
  },
  read_only_new: (_, server) => die('read_only_new', server),
  stop_old_write: (_, server) => die('stop_old_write', server),
  async contract({ client }, server) {
    await client.query('begin; lock table orders in access share mode');
    await die('contract', server);
    await sleep(3_000);
    await client.query('commit');
  },
};

test(`a table of ${size.rows} rows goes through all phases, something fails in each: no request fails, no row is lost or differs`, {
  timeout: 60 * 60_000,
}, async ({ skip }) => {
  if (postgres === undefined) return skip();
  console.log(`migration: seed ${seed} (repeat with BUNTING_SEED=${seed}), ${size.rows} rows`);
  server = await startServer({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  scene = await startOrders({ server, databaseUrl: await postgres.createDatabase(), ...size });
  const { go, reach } = scene;
  for (const phase of PHASES) {
    // As long as both are there, all rows are compared.
    if (phase === 'stop_old_write') expect(await scene.pauseAndCompare()).toMatchObject({ differing: 0 });
    await go(phase);
    await FAILURES[phase](scene, server);
    await reach(phase, size.phaseTimeoutMs);
  }
  const { heard, rows, differing } = await scene.settle();
  const { failures, wrong } = heard;
  expect({ failures, wrong, differing }).toEqual({ failures: [], wrong: [], differing: 0 });
  expect(heard.writes).toBeGreaterThan(100);
  expect(rows).toBeGreaterThanOrEqual(size.rows);
  console.log(
    `migration: ${heard.reads} reads and ${heard.writes} writes, none failed or wrong; ${heard.repaired} writes repaired; ${rows} rows`,
  );
});

test('a plan that goes back loses nothing that was written', {
  timeout: 30 * 60_000,
}, async ({ skip }) => {
  if (postgres === undefined) return skip();
  server = await startServer({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
  scene = await startOrders({ server, databaseUrl: await postgres.createDatabase(), ...size });
  const { go, reach, client } = scene;
  // Half the way is the sample: each waits for what was begun before it.
  const farthest = isWhole ? 'read_only_new' : 'backfill';
  await go(farthest);
  await reach(farthest, size.phaseTimeoutMs);
  await sleep(500);
  await go('baseline');
  await reach('baseline', size.phaseTimeoutMs);
  const { rows } = await client.query("select to_regclass('orders_new') as made");
  expect(rows).toEqual([{ made: null }]);
  const { failures, wrong } = (await scene.settle()).heard;
  expect({ failures, wrong }).toEqual({ failures: [], wrong: [] });
});

/** SIGKILL, and a new start on what is on the disk; where there is no time for that, it stands still for a while. */
async function die(phase: Phase, server: TestServer): Promise<void> {
  await sleep(300 * random());
  if (deaths.includes(phase)) {
    await server.kill();
    await server.restart();
  } else {
    server.child.signal('SIGSTOP');
    await sleep(1_500);
    server.child.signal('SIGCONT');
  }
}
