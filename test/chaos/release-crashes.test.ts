import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Postgres, startPostgresFor } from '../../tools/postgres.ts';
import { type Death, Mortal, NEVER } from './mortal.ts';
import { openReleases, type ReleaseScene, Router, startReleaseServer } from './release-scene.ts';
import { readPlan, seeded } from './seeded.ts';

/*
 * Each call that leaves the process is one at which it may die: transactions, claims of leases, reads and wishes of the
 * traffic target, questions to gates, writes to a plan's rows, and statements in the database that a plan migrates. Between
 * two of them nothing outside changes. A transaction is there whole or not at all: that is the database's, and proven by
 * kill-server.
 */

const { seed, size } = readPlan({ sample: 2, whole: Number.POSITIVE_INFINITY });
const random = seeded(seed);
const RELEASES = '/projects/default/releases';
const PLANS = '/projects/default/environments/production/migration-plans';
const ROWS = 50;

let postgres: Postgres | undefined;
let client: Client | undefined;
let databaseUrl = '';
let scene: ReleaseScene;
let made = 0;

beforeAll(async () => {
  scene = await openReleases();
  postgres = await startPostgresFor('the proof of releases that migrate', { settings: { fsync: 'off' } });
  if (postgres === undefined) return;
  databaseUrl = await postgres.createDatabase();
  client = new Client({ connectionString: databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await scene.close();
  await client?.end();
  await postgres?.stop();
});

interface Started {
  readonly id: string;
  readonly router: Router;
  command(body: object): Promise<unknown>;
  /** Checks what the release has left in the user's database. */
  expectRows(): Promise<void>;
}

const traffic = [
  { trafficPer100k: 20_000, soakSeconds: 10, gates: [{ name: 'hours', kind: 'calendar' }] },
  { trafficPer100k: 100_000, flagsPer100k: 50_000, soakSeconds: 10 },
  { flagsPer100k: 100_000, soakSeconds: 10 },
];

/** A release of a version and a flag of its own. */
async function start(more: object = { strategy: 'canary', stages: traffic }): Promise<Started> {
  made += 1;
  const [flag, target] = [`flag-${made}`, `router-${made}`];
  const router = new Router();
  scene.routers.set(target, router);
  await scene.makeFlag(flag);
  const { id } = (await scene.call('POST', RELEASES, {
    ...{ title: `Release ${made}`, environment: 'production', bakeSeconds: 10 },
    flags: [{ flag, candidate: 'on', baseline: 'off' }],
    traffic: { target, candidate: 'v2', baseline: 'v1' },
    ...more,
  })) as { id: string };
  const command = (body: object) => scene.call('POST', `${RELEASES}/${id}/commands`, body);
  await command({ command: 'start' });
  return { id, router, command, expectRows: async () => {} };
}

/** The same with a table that moves to another one. */
async function startMigrating(): Promise<Started> {
  const plan = `orders-${made + 1}`;
  const [old, fresh] = [`orders_${made + 1}`, `orders_new_${made + 1}`];
  await client?.query(`create table ${old} (id bigint primary key, total numeric not null)`);
  await client?.query(`insert into ${old} select i, i from generate_series(1, ${ROWS}) i`);
  await scene.call('POST', '/projects/default/flags', { key: plan, type: 'string', kind: 'migration' });
  await scene.call('POST', PLANS, {
    ...{ key: plan, name: 'Orders in cents', flag: plan, database: databaseUrl, settleSeconds: 0 },
    phases: {
      expand: {
        up: [
          { sql: `create table ${fresh} (id bigint primary key, cents bigint not null)` },
          { sql: `create index concurrently if not exists ${fresh}_by_cents on ${fresh} (cents)` },
        ],
        down: [{ sql: `drop table ${fresh}` }],
      },
      // What was copied twice, or not at all, fails here or is found below.
      backfill: {
        up: [
          {
            backfill: `with batch as (select * from ${old} where id > :cursor::bigint order by id limit :limit),
                            copied as (insert into ${fresh} select id, total * 100 from batch)
                       select max(id) as cursor, count(*) as rows from batch`,
            ...{ from: '0', batchRows: 20, share: 1 },
          },
        ],
        down: [{ sql: `delete from ${fresh}` }],
        verify: [{ sql: `select id from ${old} left join ${fresh} n using (id) where n.id is null` }],
      },
    },
  });
  const started = await start({
    strategy: 'migration',
    migration: { plan },
    stages: [
      { migrationPhase: 'dual_write', soakSeconds: 10 },
      { trafficPer100k: 100_000, soakSeconds: 10 },
      { migrationPhase: 'read_new', flagsPer100k: 50_000, soakSeconds: 10 },
      { migrationPhase: 'read_only_new', flagsPer100k: 100_000, soakSeconds: 10 },
      { migrationPhase: 'stop_old_write', soakSeconds: 10 },
    ],
  });
  return {
    ...started,
    async expectRows() {
      const { phase, migrationPhase } = (await scene.call('GET', `${RELEASES}/${started.id}`)) as Seen;
      expect([phase, migrationPhase]).toEqual(phase === 'aborted' ? [phase, 'expand'] : [phase, 'stop_old_write']);
      const { rows } =
        (await client?.query(`select count(*)::int as rows, sum(cents)::int as cents from ${fresh}`)) ?? {};
      const all = { rows: ROWS, cents: (ROWS * (ROWS + 1) * 100) / 2 };
      expect(rows).toEqual([phase === 'aborted' ? { rows: 0, cents: null } : all]);
    },
  };
}

interface Seen {
  readonly phase: string;
  readonly stage: number;
  readonly migrationPhase: string | null;
}

/** A server that looks after releases until one has come so far, or it has died. */
async function live(mortal: Mortal, id: string, isThere: (release: Seen) => boolean) {
  const { query } = Client.prototype;
  // What a plan's connection says to its database is a call like any other.
  const mock = vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args: unknown[]) {
    return this === client ? Reflect.apply(query, this, args) : mortal.do(() => Reflect.apply(query, this, args));
  });
  const server = startReleaseServer(scene, mortal);
  for (let looks = 0; looks < 200 && !mortal.isDead; looks++) {
    await server.look().catch(() => {});
    if (!mortal.isDead && isThere((await scene.call('GET', `${RELEASES}/${id}`)) as Seen)) break;
    scene.clock.nowMs += 10_000;
  }
  await server.close();
  mock.mockRestore();
  // Four seconds later, by the clock of the database.
  await scene.database.updateTable('release_leases').set({ until: 0 }).execute();
}

interface Way {
  readonly begin: () => Promise<Started>;
  readonly isThere: (release: Seen) => boolean;
  readonly end: object;
  /** Whether the traffic of a version may go from one share to another. */
  readonly isRight: (before: number, after: number) => boolean;
}

const forward = (begin: () => Promise<Started>): Way => ({
  begin,
  isThere: ({ phase }) => phase === 'succeeded',
  end: { phase: 'succeeded', trafficPer100k: 100_000, flags: [{ weightPer100k: 100_000 }] },
  isRight: (before, after) => after >= before,
});

/** Half of the flags, or as far as the migration is by then. */
const isFar = ({ stage, migrationPhase }: Seen) => stage === 2 && [null, 'read_new'].includes(migrationPhase);

const back = (begin: () => Promise<Started>): Way => ({
  async begin() {
    const release = await begin();
    await live(new Mortal(NEVER), release.id, isFar);
    release.router.taken.splice(0, release.router.taken.length - 1);
    await release.command({ command: 'abort', reason: 'enough' });
    return release;
  },
  isThere: ({ phase }) => phase === 'aborted',
  end: { phase: 'aborted', trafficPer100k: 0, flags: [{ weightPer100k: 0 }] },
  isRight: (before, after) => after <= before,
});

async function die(way: Way, death: Death) {
  const { id, router, expectRows } = await way.begin();
  const first = new Mortal(death);
  await live(first, id, way.isThere);
  await live(new Mortal(NEVER), id, way.isThere);
  expect([death, await scene.call('GET', `${RELEASES}/${id}`)]).toMatchObject([death, way.end]);
  await expectRows();
  // Neither traffic nor its fence ever went the wrong way, and each exposure was decided once.
  for (const [at, { per100k, fence }] of router.taken.slice(1).entries()) {
    const before = router.taken[at] ?? { per100k, fence };
    expect(way.isRight(before.per100k, per100k)).toBe(true);
    expect(fence).toBeGreaterThanOrEqual(before.fence);
  }
  const { items } = (await scene.call('GET', `${RELEASES}/${id}/decisions?limit=200`)) as {
    items: { decision: string }[];
  };
  const said = items.map(({ decision }) => decision);
  expect(said).toHaveLength(new Set(said).size);
  const held = scene.database.selectFrom('release_targets').selectAll().where('release_id', '=', id);
  expect(await held.execute()).toEqual([]);
  return first.calls;
}

describe(`a release ends as it should, whenever its server dies (seed ${seed})`, () => {
  it.each([
    ['forward', forward(start)],
    ['back', back(start)],
    ['with a migration, forward', forward(startMigrating)],
    ['with a migration, back', back(startMigrating)],
  ] as const)('%s', { timeout: 60 * 60_000 }, async (name, way) => {
    if (name.startsWith('with a migration') && postgres === undefined) return;
    const calls = await die(way, NEVER);
    const deaths = Array.from({ length: calls }, (_, at) => at + 1).flatMap((atCall): Death[] => [
      { atCall, when: 'before' },
      { atCall, when: 'after' },
    ]);
    const chosen =
      size >= deaths.length ? deaths : Array.from({ length: size }, () => deaths[Math.floor(random() * deaths.length)]);
    for (const death of chosen) if (death !== undefined) await die(way, death);
    console.log(`${name}: ${chosen.length} deaths at ${calls} calls`);
    expect(calls).toBeGreaterThan(10);
  });
});
