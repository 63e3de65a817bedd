import { setTimeout as wait } from 'node:timers/promises';
import { connect, type Flags } from '@bunting/node';
import { Pool } from 'pg';
import { answer } from './remote.ts';

/** An application that reads and writes orders without a pause, while their table is migrated under it. */
export type OrdersAppCalls = {
  /** Resolves when the SDK is live. */
  open(to: OrdersAppOptions): Promise<void>;
  start(of: null): void;
  /** Resolves when all that was begun has ended. */
  stop(of: null): Promise<void>;
  heard(of: null): Heard;
};

export interface OrdersAppOptions {
  readonly url: string;
  readonly sdkKey: string;
  readonly databaseUrl: string;
  readonly version: string;
  /** Orders have ids from 1 to this; new ones come after. */
  readonly rows: number;
  /** How many do something at the same time, and how long each rests after it. */
  readonly users: number;
  readonly restMs: number;
}

export interface Heard {
  readonly reads: number;
  readonly writes: number;
  /** Requests of users that failed: each a sentence, a few of them. */
  readonly failed: number;
  readonly failures: readonly string[];
  /** Answers that were not what had been written. */
  readonly wrong: readonly string[];
  /** Writes that were begun again, for the side beside the answer had failed or was late. */
  readonly repaired: number;
  /** How long requests took, in milliseconds, ascending. */
  readonly tookMs: readonly number[];
}

interface Order {
  readonly cents: number;
  readonly version: number;
}

const heard = {
  reads: 0,
  writes: 0,
  failed: 0,
  failures: [] as string[],
  wrong: [] as string[],
  repaired: 0,
  tookMs: [] as number[],
};
/** The version of each order that was acknowledged last. */
const acknowledged = new Map<number, Order>();
/** One user at a time changes an order. */
const busy = new Set<number>();
let users: Promise<void>[] = [];
let isStopped = false;
let options: OrdersAppOptions;
let flags: Flags;
let pool: Pool;

/** Whichever of two writes comes to a table last, the row is the one with the higher version. */
const WRITE_OLD = `insert into orders (id, total, version, updated_at) values ($1, $2::bigint / 100.0, $3, now())
  on conflict (id) do update set total = excluded.total, version = excluded.version, updated_at = now()
  where excluded.version > orders.version`;
const WRITE_NEW = `insert into orders_new (id, cents, version, updated_at) values ($1, $2, $3, now())
  on conflict (id) do update set cents = excluded.cents, version = excluded.version, updated_at = now()
  where excluded.version > orders_new.version`;

async function ask(sql: string, values: readonly unknown[]): Promise<Order | undefined> {
  const { rows } = await pool.query(sql, [...values]);
  const [row] = rows as { cents: string; version: string }[];
  return row && { cents: Number(row.cents), version: Number(row.version) };
}

function migration() {
  return flags.migrate(
    'orders',
    { targetingKey: 'orders' },
    {
      read: {
        old: (id: number) => ask('select total * 100 as cents, version from orders where id = $1', [id]),
        new: (id: number) => ask('select cents, version from orders_new where id = $1', [id]),
      },
      write: {
        old: (id: number, order: Order) => ask(WRITE_OLD, [id, order.cents, order.version]),
        new: (id: number, order: Order) => ask(WRITE_NEW, [id, order.cents, order.version]),
      },
      // Between the two reads someone may write.
      compare: (one, other) => one?.version !== other?.version || one?.cents === other?.cents,
      deadlineMs: 2_000,
    },
  );
}

async function read(id: number): Promise<void> {
  const least = acknowledged.get(id);
  const order = await migration().read(id);
  heard.reads += 1;
  if (least === undefined) return;
  const isRight = order !== undefined && (order.version > least.version || order.cents === least.cents);
  if (!isRight || order.version < least.version) {
    heard.wrong.push(`order ${id} was ${JSON.stringify(order)} after ${JSON.stringify(least)}`);
  }
}

async function write(id: number): Promise<void> {
  if (busy.has(id)) return;
  busy.add(id);
  try {
    const { rows } = await pool.query("select nextval('order_versions')::int as version");
    const order = { cents: Math.floor(Math.random() * 100_000), version: (rows[0] as { version: number }).version };
    for (let tries = 0; ; tries++) {
      const { other } = await migration().write(id, order);
      // Only what both sides have is told to the user.
      if (other === 'written' || other === 'none') break;
      if (tries > 100) throw new Error(`the other side's write of order ${id} is ${other} all the time`);
      heard.repaired += 1;
    }
    acknowledged.set(id, order);
    heard.writes += 1;
  } finally {
    busy.delete(id);
  }
}

async function beUser(user: number): Promise<void> {
  const { rows, users: count, restMs } = options;
  for (let at = user; !isStopped; at += count) {
    const id = 1 + Math.floor(Math.random() * rows);
    const beganMs = performance.now();
    try {
      if (at % 3 === 0) await write(id);
      // A new order: nobody else has its id.
      else if (at % 20 === 1) await write(rows + process.pid * 1_000_000 + at);
      else await read(at % 2 === 0 ? id : ([...acknowledged.keys()].at(-1) ?? id));
    } catch (error) {
      heard.failed += 1;
      if (heard.failures.length < 10) heard.failures.push((error as Error).message);
    }
    heard.tookMs.push(performance.now() - beganMs);
    await wait(restMs);
  }
}

answer({
  async open(to) {
    options = to;
    pool = new Pool({ connectionString: to.databaseUrl, max: to.users * 2 });
    pool.on('error', () => {});
    flags = connect({ url: to.url, sdkKey: to.sdkKey, app: 'orders', deploy: { version: to.version }, logger: {} });
    const { state } = await flags.ready();
    if (state !== 'live') throw new Error(`the SDK is ${state}`);
  },
  start() {
    isStopped = false;
    users = Array.from({ length: options.users }, (_, user) => beUser(user));
  },
  async stop() {
    isStopped = true;
    await Promise.all(users);
    // What users were told is there at the end, all of it.
    for (const id of acknowledged.keys()) await read(id);
  },
  heard: () => ({ ...heard, tookMs: heard.tookMs.toSorted((a, b) => a - b) }),
} satisfies OrdersAppCalls);
