import { join } from 'node:path';
import { Client } from 'pg';
import type { Api } from '../../tools/demo-api.ts';
import { makeKey } from './flags.ts';
import type { Heard, OrdersAppCalls } from './orders-app-main.ts';
import { Remote } from './remote.ts';
import type { TestServer } from './server.ts';
import { waitFor } from './wait.ts';

export const PHASES = [
  'expand',
  'dual_write',
  'backfill',
  'shadow_read',
  'read_new',
  'read_only_new',
  'stop_old_write',
  'contract',
] as const;
export type Phase = (typeof PHASES)[number];

export interface OrdersOptions {
  readonly server: TestServer;
  /** An empty database. */
  readonly databaseUrl: string;
  readonly rows: number;
  readonly instances: number;
  readonly users: number;
  readonly restMs: number;
}

/** How a plan is, as the API shows it. */
interface PlanView {
  readonly phase: string;
  readonly isMoving: boolean;
  readonly problem: string | null;
  readonly waiting: readonly string[];
}

/** A table of orders that an application uses without a pause, and the plan that moves it to another one. */
export interface OrdersScene {
  readonly client: Client;
  /** Sends the plan to a phase. */
  go(to: Phase | 'baseline'): Promise<void>;
  command(command: object): Promise<void>;
  plan(): Promise<PlanView>;
  /** Waits until the plan is in a phase, and rests. @throws {Error} with its problem, when it has one */
  reach(phase: Phase | 'baseline', timeoutMs?: number): Promise<void>;
  /** Holds the load still, and counts the rows that differ between the two tables. */
  pauseAndCompare(): Promise<Omit<Settled, 'heard'>>;
  /** Ends the load. @returns what all instances heard, and how many rows differ between what users wrote and the table */
  settle(): Promise<Settled>;
  close(): Promise<void>;
}

interface Settled {
  readonly heard: Heard;
  readonly rows: number;
  /** Orders of the old table that the new one lacks, or has otherwise; while both are there. */
  readonly differing: number;
}

const PLANS = '/projects/default/environments/development/migration-plans';

/** What is older than any write that may be under way must be the same on both sides. */
const COMPARE = `select o.id, o.version, n.version as new_version from orders o left join orders_new n using (id)
  where o.updated_at < now() - interval '3 seconds' and (n.id is null or n.updated_at < now() - interval '3 seconds')
    and (n.id is null or n.version <> o.version or n.cents <> o.total * 100) limit 5`;

const plan = (database: string, rows: number) => ({
  key: 'orders',
  name: 'Orders in cents',
  flag: 'orders',
  code: { app: 'orders', version: '2.0.0' },
  database,
  settleSeconds: 2,
  phases: {
    expand: {
      up: [
        {
          sql: `create table orders_new (id bigint primary key, cents bigint not null, version bigint not null,
            updated_at timestamptz not null)`,
        },
      ],
      down: [{ sql: 'drop table orders_new' }],
    },
    backfill: {
      up: [
        {
          backfill: `
            with batch as (select * from orders where id > :cursor::bigint order by id limit :limit),
                 copied as (insert into orders_new (id, cents, version, updated_at)
                   select id, total * 100, version, updated_at from batch on conflict (id) do update
                     set cents = excluded.cents, version = excluded.version, updated_at = excluded.updated_at
                     where excluded.version >= orders_new.version)
            select max(id) as cursor, count(*) as rows from batch`,
          from: '0',
          batchRows: Math.max(100, Math.min(5_000, Math.round(rows / 40))),
          count: 'select count(*) from orders',
        },
        {
          sql: 'create index concurrently if not exists orders_new_by_cents on orders_new (cents)',
          timeoutSeconds: 300,
        },
      ],
      verify: [{ sql: COMPARE, withinSeconds: 15, timeoutSeconds: 120 }],
    },
    shadow_read: { verify: [{ reads: { minCompared: 50, maxMismatchedPer100k: 0 }, withinSeconds: 30 }] },
    read_new: { verify: [{ sql: COMPARE, withinSeconds: 15, timeoutSeconds: 120 }] },
    contract: { up: [{ sql: 'drop table orders' }] },
  },
});

export async function startOrders(options: OrdersOptions): Promise<OrdersScene> {
  const { server, databaseUrl, rows, instances, ...load } = options;
  const { api, url } = server;
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  await makeTable(client, rows);
  await api.call('POST', '/projects/default/flags', { key: 'orders', type: 'string', kind: 'migration' });
  await api.call('POST', PLANS, plan(databaseUrl, rows));
  const { secret: sdkKey } = await makeKey(api, 'server');
  const apps = Array.from(
    { length: instances },
    () => new Remote<OrdersAppCalls>(join(import.meta.dirname, 'orders-app-main.ts')),
  );
  await Promise.all(apps.map((app) => app.call('open', { url, sdkKey, databaseUrl, version: '2.0.1', rows, ...load })));
  await Promise.all(apps.map((app) => app.call('start', null)));
  return {
    client,
    ...driverOf(api),
    async pauseAndCompare() {
      await Promise.all(apps.map((app) => app.call('stop', null)));
      const compared = await compare(client);
      await Promise.all(apps.map((app) => app.call('start', null)));
      return compared;
    },
    async settle() {
      await Promise.all(apps.map((app) => app.call('stop', null)));
      const all = await Promise.all(apps.map((app) => app.call('heard', null)));
      return { heard: addUp(all), ...(await compare(client)) };
    },
    async close() {
      await Promise.all(apps.map((app) => app.stop()));
      await client.end().catch(() => {});
    },
  };
}

async function makeTable(client: Client, rows: number): Promise<void> {
  await client.query(
    `create table orders (id bigint primary key, total numeric not null, version bigint not null, updated_at timestamptz not null);
     create sequence order_versions`,
  );
  await client.query(
    `insert into orders select i, (i % 100000) / 100.0, nextval('order_versions'), now() - interval '1 hour' from generate_series(1, $1::int) i`,
    [rows],
  );
  await client.query('analyze orders');
}

function driverOf(api: Api) {
  const view = () => api.call<PlanView>('GET', `${PLANS}/orders`);
  const command = async (body: object) => void (await api.call('POST', `${PLANS}/orders/commands`, body));
  return {
    command,
    plan: view,
    go: (to: string) => command({ command: 'go', to }),
    async reach(phase: string, timeoutMs = 60_000) {
      let seen: PlanView | undefined;
      const isThere = async () => {
        seen = await view().catch(() => seen);
        if (seen?.problem) throw new Error(`the plan stopped in ${seen.phase}: ${seen.problem}`);
        return seen?.phase === phase && !seen.isMoving;
      };
      await waitFor(`phase ${phase}`, isThere, timeoutMs).catch((error: Error) => {
        throw new Error(`${error.message}; it is ${JSON.stringify(seen)}`);
      });
    },
  };
}

async function compare(client: Client): Promise<Omit<Settled, 'heard'>> {
  const { rows: tables } = await client.query(`select to_regclass('orders') as old, to_regclass('orders_new') as new`);
  const { old, new: fresh } = tables[0] as { old: string | null; new: string | null };
  const { rows } = await client.query(`select count(*)::int as rows from ${fresh ?? old}`);
  if (old === null || fresh === null) return { ...(rows[0] as { rows: number }), differing: 0 };
  const { rows: differing } = await client.query(
    `select count(*)::int as differing from orders o full join orders_new n using (id)
     where o.id is null or n.id is null or n.version <> o.version or n.cents <> o.total * 100`,
  );
  return { ...(rows[0] as { rows: number }), ...(differing[0] as { differing: number }) };
}

function addUp(all: readonly Heard[]): Heard {
  const sum = (of: 'reads' | 'writes' | 'failed' | 'repaired') => all.reduce((total, heard) => total + heard[of], 0);
  return {
    ...{ reads: sum('reads'), writes: sum('writes'), failed: sum('failed'), repaired: sum('repaired') },
    failures: all.flatMap(({ failures }) => failures),
    wrong: all.flatMap(({ wrong }) => wrong),
    tookMs: all.flatMap(({ tookMs }) => tookMs).toSorted((a, b) => a - b),
  };
}
