import { randomUUID } from 'node:crypto';
import {
  buildApp,
  Outside,
  PlanEngine,
  ReleaseEngine,
  ReleaseLeases,
  readConfig,
  refuseStale,
  type Services,
  type TrafficDesired,
  type TrafficTarget,
} from '@bunting/server';
import { newAdminKey } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { Boundary } from './boundary.ts';

/** What divides traffic: it outlives every process, and refuses who is out of date. */
export class Router implements TrafficTarget {
  readonly capabilities = {
    ...{ atomic: true, sticky: true, lease: false, drain: true, shadow: false, fenced: true },
    granularityPer100k: 1,
  };
  readonly taken: { readonly per100k: number; readonly fence: number }[] = [{ per100k: 0, fence: 0 }];
  isAway = false;
  /** Instances of the candidate that answer. */
  up = 1;
  get last() {
    return this.taken.at(-1) ?? { per100k: 0, fence: 0 };
  }
  async read() {
    this.#refuseAway();
    const { per100k, fence } = this.last;
    return { candidatePer100k: per100k, fence, up: { candidate: this.up, baseline: 1 } };
  }
  async apply({ candidatePer100k }: TrafficDesired, fence: number) {
    this.#refuseAway();
    refuseStale(fence, this.last.fence);
    this.taken.push({ per100k: candidatePer100k, fence });
  }
  async close() {}
  #refuseAway() {
    if (this.isAway) throw new Error('it is away');
  }
}

type App = Awaited<ReturnType<typeof buildApp>>;

/** What outlives the servers that look after releases: their database, the API of one that looks after none, and time. */
export interface ReleaseScene {
  readonly app: App;
  readonly database: Services['database'];
  readonly clock: { nowMs: number };
  /** By the key of their traffic target. */
  readonly routers: Map<string, Router>;
  /** @returns what the API answers */
  call(method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object): Promise<unknown>;
  /** A flag that is on and serves `off` in production. */
  makeFlag(key: string): Promise<void>;
  close(): Promise<void>;
}

export async function openReleases(): Promise<ReleaseScene> {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const routers = new Map<string, Router>();
  const folder = makeTempFolder();
  const adminKey = newAdminKey();
  const app = await buildApp(
    {
      ...{ ...readConfig(), dataDir: folder.path, databaseUrl: undefined, logLevel: 'silent' },
      ...{ bootstrapAdminKey: adminKey, egressAllow: ['127.0.0.1'] },
    },
    { now: () => clock.nowMs },
  );
  // Others take its place.
  await app.bunting.releaseEngine.close();
  await app.bunting.migrationEngine.close();
  app.bunting.trafficTargets.open = async (_, key) => routers.get(key);
  const call: ReleaseScene['call'] = async (method, path, payload) => {
    const headers = { authorization: `Bearer ${adminKey}` };
    const url = `/api/v1${path}`;
    return (await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })).json();
  };
  return {
    ...{ clock, routers, call, app, database: app.bunting.database },
    async makeFlag(key) {
      await call('POST', '/projects/default/flags', { key, type: 'boolean' });
      const off = { enabled: true, defaultRule: { variant: 'off' } };
      await call('PATCH', `/projects/default/flags/${key}/environments/production`, off);
    },
    async close() {
      await app.close();
      folder.remove();
    },
  };
}

/**
 * A server that looks after releases and the migrations that they move. All that it does outside of its process goes through
 * the boundary: transactions, claims, what it tells of what it saw, targets, gates, and statements on the plans' rows.
 */
export function startReleaseServer({ app, clock }: ReleaseScene, boundary: Boundary) {
  const { bunting, log } = app;
  const { kills, migrationGuard: migrations, migrationPlans: plans, vault, rulesets, installation } = bunting;
  const now = () => clock.nowMs;
  const changes = boundary.wrap(bunting.changes, ['commit']);
  const leases = new ReleaseLeases({ engine: 'sqlite', database: bunting.database }, randomUUID());
  const outside = new Outside({
    targets: {
      open: async (environmentId, key) => {
        const target = await boundary.do(() => bunting.trafficTargets.open(environmentId, key));
        return target && boundary.wrap(target, ['read', 'apply']);
      },
    },
    gates: boundary.wrap(bunting.judging.gates, ['judge']),
    blame: { judge: async () => undefined },
    ...{ leases, now },
  });
  const releases = new ReleaseEngine({
    ...{ database: bunting.database, changes, kills, migrations, plans, outside, log, now },
    leases: boundary.wrap(leases, ['claim', 'tell']),
  });
  const { policy, unconfirmed, fleet: measurements } = bunting;
  const migration = new PlanEngine({
    ...{ database: boundary.wrapDatabase(bunting.database), changes, migrations, kills, rulesets, installation },
    ...{ vault, policy, unconfirmed, measurements, commands: undefined, log, now },
  });
  return {
    releases,
    async look() {
      await releases.look();
      await migration.look();
      await migration.settle();
    },
    async close() {
      await releases.close();
      await migration.close();
    },
  };
}
