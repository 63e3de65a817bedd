import { randomUUID } from 'node:crypto';
import {
  buildApp,
  Outside,
  ReleaseEngine,
  ReleaseLeases,
  readConfig,
  refuseStale,
  type TrafficDesired,
  type TrafficTarget,
} from '@bunting/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newAdminKey } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import { type Death, Mortal } from './mortal.ts';
import { readPlan, seeded } from './seeded.ts';

/*
 * Each call that leaves the process is one at which it may die: transactions, claims of leases, reads and wishes of the
 * traffic target, questions to gates. Between two of them nothing outside changes. A transaction is there whole or not at
 * all: that is the database's, and proven by kill-server.
 */

const { seed, size } = readPlan({ sample: 4, whole: Number.POSITIVE_INFINITY });
const random = seeded(seed);
const RELEASES = '/projects/default/releases';

/** What divides traffic: it outlives every process, and refuses who is out of date. */
class Router implements TrafficTarget {
  readonly capabilities = {
    ...{ atomic: true, sticky: true, lease: false, drain: true, shadow: false, fenced: true },
    granularityPer100k: 1,
  };
  readonly taken: { readonly per100k: number; readonly fence: number }[] = [{ per100k: 0, fence: 0 }];
  get #last() {
    return this.taken.at(-1) ?? { per100k: 0, fence: 0 };
  }
  async read() {
    const { per100k, fence } = this.#last;
    return { candidatePer100k: per100k, fence, up: { candidate: 1, baseline: 1 } };
  }
  async apply({ candidatePer100k }: TrafficDesired, fence: number) {
    refuseStale(fence, this.#last.fence);
    this.taken.push({ per100k: candidatePer100k, fence });
  }
  async close() {}
}

const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
const routers = new Map<string, Router>();
const folder = makeTempFolder();
const adminKey = newAdminKey();
let app: Awaited<ReturnType<typeof buildApp>>;
let made = 0;

beforeAll(async () => {
  const config = {
    dataDir: folder.path,
    databaseUrl: undefined,
    logLevel: 'silent',
    bootstrapAdminKey: adminKey,
  } as const;
  app = await buildApp({ ...readConfig(), ...config }, { now: () => clock.nowMs });
  // Others take its place, and die.
  await app.bunting.releaseEngine.close();
  app.bunting.trafficTargets.open = async (_, key) => routers.get(key);
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

async function call(method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object) {
  const headers = { authorization: `Bearer ${adminKey}` };
  const url = `/api/v1${path}`;
  return (await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })).json();
}

/** A release of a version and a flag of its own. */
async function start() {
  made += 1;
  const [flag, target] = [`flag-${made}`, `router-${made}`];
  const router = new Router();
  routers.set(target, router);
  await call('POST', '/projects/default/flags', { key: flag, type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', `/projects/default/flags/${flag}/environments/production`, off);
  const release = await call('POST', RELEASES, {
    ...{ title: `Release ${made}`, environment: 'production', strategy: 'canary', bakeSeconds: 60 },
    flags: [{ flag, candidate: 'on', baseline: 'off' }],
    traffic: { target, candidate: 'v2', baseline: 'v1' },
    stages: [
      { trafficPer100k: 20_000, soakSeconds: 60, gates: [{ name: 'hours', kind: 'calendar' }] },
      { trafficPer100k: 100_000, flagsPer100k: 50_000, soakSeconds: 60 },
      { flagsPer100k: 100_000, soakSeconds: 60 },
    ],
  });
  const id = release.id as string;
  const command = (body: object) => call('POST', `${RELEASES}/${id}/commands`, body);
  await command({ command: 'start' });
  return { id, router, command };
}

/** A server that looks after releases until one has come so far, or it has died. */
async function live(mortal: Mortal, id: string, isThere: (release: { phase: string; stage: number }) => boolean) {
  const { bunting, log } = app;
  const outside = new Outside({
    targets: {
      open: async (environmentId, key) => {
        const target = await mortal.do(() => bunting.trafficTargets.open(environmentId, key));
        return target && mortal.wrap(target, ['read', 'apply']);
      },
    },
    gates: mortal.wrap(bunting.judging.gates, ['judge']),
    blame: { judge: async () => undefined },
    now: () => clock.nowMs,
  });
  const engine = new ReleaseEngine({
    ...{
      database: bunting.database,
      kills: bunting.kills,
      migrations: bunting.migrationGuard,
      plans: bunting.migrationPlans,
    },
    ...{ outside, log, now: () => clock.nowMs },
    changes: mortal.wrap(bunting.changes, ['commit']),
    leases: mortal.wrap(new ReleaseLeases({ engine: 'sqlite', database: bunting.database }, randomUUID()), [
      'claim',
      'tell',
      'requireHeld',
    ]),
  });
  for (let looks = 0; looks < 60 && !mortal.isDead; looks++) {
    await engine.look().catch(() => {});
    if (!mortal.isDead && isThere(await call('GET', `${RELEASES}/${id}`))) break;
    clock.nowMs += 10_000;
  }
  await engine.close();
  // Four seconds later, by the clock of the database.
  await bunting.database.updateTable('release_leases').set({ until: 0 }).execute();
}

const WAYS = {
  forward: {
    begin: start,
    isThere: ({ phase }: { phase: string }) => phase === 'succeeded',
    end: { phase: 'succeeded', trafficPer100k: 100_000, flags: [{ weightPer100k: 100_000 }] },
    isRight: (before: number, after: number) => after >= before,
  },
  back: {
    async begin() {
      const release = await start();
      await live(new Mortal({ atCall: 0, when: 'before' }), release.id, ({ stage }) => stage === 2);
      release.router.taken.splice(0, release.router.taken.length - 1);
      await release.command({ command: 'abort', reason: 'enough' });
      return release;
    },
    isThere: ({ phase }: { phase: string }) => phase === 'aborted',
    end: { phase: 'aborted', trafficPer100k: 0, flags: [{ weightPer100k: 0 }] },
    isRight: (before: number, after: number) => after <= before,
  },
} as const;

async function die(way: (typeof WAYS)[keyof typeof WAYS], death: Death) {
  const { id, router } = await way.begin();
  const first = new Mortal(death);
  await live(first, id, way.isThere);
  const second = new Mortal({ atCall: 0, when: 'before' });
  await live(second, id, way.isThere);
  expect([death, await call('GET', `${RELEASES}/${id}`)]).toMatchObject([death, way.end]);
  // Neither traffic nor its fence ever went the wrong way, and each exposure was decided once.
  for (const [at, { per100k, fence }] of router.taken.slice(1).entries()) {
    const before = router.taken[at] ?? { per100k, fence };
    expect(way.isRight(before.per100k, per100k)).toBe(true);
    expect(fence).toBeGreaterThanOrEqual(before.fence);
  }
  const { items } = await call('GET', `${RELEASES}/${id}/decisions?limit=200`);
  const said = items.map(({ decision }: { decision: string }) => decision);
  expect(said).toHaveLength(new Set(said).size);
  expect(
    await app.bunting.database.selectFrom('release_targets').selectAll().where('release_id', '=', id).execute(),
  ).toEqual([]);
  return first.calls;
}

describe(`a release ends as it should, whenever its server dies (seed ${seed})`, () => {
  it.each(Object.entries(WAYS))(
    '%s',
    async (name, way) => {
      const calls = await die(way, { atCall: 0, when: 'before' });
      const deaths = Array.from({ length: calls }, (_, at) => at + 1).flatMap((atCall): Death[] => [
        { atCall, when: 'before' },
        { atCall, when: 'after' },
      ]);
      const chosen =
        size >= deaths.length
          ? deaths
          : Array.from({ length: size }, () => deaths[Math.floor(random() * deaths.length)]);
      for (const death of chosen) if (death !== undefined) await die(way, death);
      console.log(`${name}: ${chosen.length} deaths at ${calls} calls`);
      expect(calls).toBeGreaterThan(10);
    },
    600_000,
  );
});
