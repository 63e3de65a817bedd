import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';
import { newDatabase } from '../testing/test-database.ts';

const PLANS = '/projects/default/environments/production/migration-plans';
const ORDERS = `${PLANS}/orders`;
const ROWS = 2_500;

const BACKFILL = `
  with batch as (select id, total from orders where id > :cursor::bigint order by id limit :limit),
       copied as (insert into orders_new (id, cents) select id, (total * 100)::bigint from batch on conflict (id) do nothing)
  select max(id) as cursor, count(*) as rows from batch`;

const PHASES = {
  expand: {
    up: [
      {
        sql: 'create table orders_new (id bigint primary key, cents bigint not null); comment on table orders_new is $$new$$',
      },
      { sql: 'create index concurrently orders_new_by_cents on orders_new (cents)' },
    ],
    down: [{ sql: 'drop table orders_new' }],
  },
  backfill: {
    up: [{ backfill: BACKFILL, from: '0', batchRows: 100, share: 1, count: 'select count(*) from orders' }],
    verify: [
      {
        sql: 'select o.id from orders o left join orders_new n using (id) where n.cents is distinct from o.total * 100',
      },
    ],
  },
  contract: { up: [{ sql: 'drop table orders' }] },
};

/** A database of the user's, with a table of orders. */
async function newOrders(): Promise<{ readonly url: string; readonly query: Client['query'] }> {
  const url = await newDatabase({ migrated: false });
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('create table orders (id bigint primary key, total numeric not null)');
  await client.query('insert into orders select i, i from generate_series(1, $1::int) i', [ROWS]);
  return { url, query: client.query.bind(client) as Client['query'] };
}

async function start(dataDir = newFolder()) {
  const server = await startApp({ dataDir, config: { egressAllow: ['127.0.0.1'] } });
  return { ...server, ...driverOf(server) };
}

function driverOf({ app, call }: TestServer) {
  const command = (body: object) => call('POST', `${ORDERS}/commands`, body);
  const get = async () => (await call('GET', ORDERS)).body;
  /** Waits until the plan rests, or stops. */
  const rest = async () => {
    const isResting = async () => {
      await app.bunting.migrationEngine.look();
      await app.bunting.migrationEngine.settle();
      const { isMoving, problem, waiting } = await get();
      return isMoving && problem === null ? waiting : 'rests';
    };
    await expect.poll(isResting, { timeout: 10_000, interval: 20 }).toBe('rests');
    return get();
  };
  const go = async (to: string) => {
    expect(await command({ command: 'go', to })).toMatchObject({ status: 200 });
    return rest();
  };
  const runs = async () => (await call('GET', `${ORDERS}/runs?limit=200`)).body.items;
  return { command, get, rest, go, runs };
}

async function makePlan({ call }: TestServer, database: string, more: object = {}): Promise<void> {
  await call('POST', '/projects/default/flags', { key: 'orders', type: 'string', kind: 'migration' });
  const input = {
    key: 'orders',
    name: 'Orders in cents',
    flag: 'orders',
    settleSeconds: 0,
    code: { version: '2.0.0' },
    database,
    phases: PHASES,
  };
  expect(await call('POST', PLANS, { ...input, ...more })).toMatchObject({ status: 201 });
}

/** An instance that confirms what it is sent. */
async function join({ app }: TestServer, version: string, key = keyOf(app)): Promise<void> {
  const sdk = await connect(await listen(app), hello(key, { deploy: { version } }));
  const confirm = () => {
    const last = sdk.messages.findLast((message) => message.type === 'changes' || message.type === 'snapshot');
    if (last !== undefined) sdk.send({ type: 'receipt', revision: last.revision, broken: { count: 0, keys: [] } });
  };
  await sdk.next('snapshot');
  confirm();
  sdk.socket.on('message', () => setImmediate(confirm));
}

function keyOf(app: TestServer['app']): string {
  const isOurs = ({ kind, environment }: { kind: string; environment: string }) =>
    kind === 'server' && environment === 'production';
  return app.bunting.firstKeys.find(isOurs)?.secret ?? '';
}

test('a plan takes a real table through all phases, and the flag with it', async () => {
  const server = await start();
  const { call, go, rest, command, runs } = server;
  const { url, query } = await newOrders();
  await makePlan(server, url);
  await join(server, '2.1.0');
  expect(await go('read_only_new')).toMatchObject({ phase: 'read_only_new', problem: null, floor: 'baseline' });
  expect((await query('select count(*)::int as rows, sum(cents)::int as cents from orders_new')).rows).toEqual([
    { rows: ROWS, cents: ((ROWS * (ROWS + 1)) / 2) * 100 },
  ]);
  const flag = async () => (await call('GET', '/projects/default/flags/orders')).body.environments.production;
  expect(await flag()).toMatchObject({ enabled: true, defaultRule: { variant: 'rampDown' }, safeVariant: 'rampDown' });
  expect(await command({ command: 'go', to: 'contract' })).toMatchObject({
    status: 409,
    body: { code: 'wrong_state' },
  });
  expect(await go('stop_old_write')).toMatchObject({ phase: 'stop_old_write', floor: 'stop_old_write' });
  await command({ command: 'go', to: 'contract' });
  expect(await rest()).toMatchObject({
    phase: 'contract',
    floor: 'contract',
    floorReason: expect.stringContaining('no way back'),
  });
  await expect(query('select 1 from orders')).rejects.toThrow(/does not exist/);
  const done = await runs();
  expect(done.every(({ outcome }: { outcome: string }) => outcome === 'succeeded')).toBe(true);
  expect(done.find(({ action }: { action: string }) => action.startsWith('Backfill'))).toMatchObject({
    rows: ROWS,
    total: ROWS,
  });
});

test('a plan goes back: the flag first, then what was made, and rows are copied anew the next time', async () => {
  const server = await start();
  const { go } = server;
  const { url, query } = await newOrders();
  await makePlan(server, url);
  await join(server, '2.1.0');
  await go('read_new');
  expect(await go('baseline')).toMatchObject({ phase: 'baseline', problem: null });
  await expect(query('select 1 from orders_new')).rejects.toThrow(/does not exist/);
  expect(await go('shadow_read')).toMatchObject({ phase: 'shadow_read', problem: null });
  expect((await query('select count(*)::int as rows from orders_new')).rows).toEqual([{ rows: ROWS }]);
});

test('SQL that fails changes nothing; the plan says why, is put right, and goes on', async () => {
  const server = await start();
  const { call, go, rest, command } = server;
  const { url, query } = await newOrders();
  const wrong = { up: [{ sql: 'create table orders_new (id bigint primary key); create table broken (x nonsense)' }] };
  await makePlan(server, url, { phases: { expand: wrong } });
  expect(await go('expand')).toMatchObject({
    phase: 'baseline',
    problem: expect.stringContaining('type "nonsense" does not exist'),
  });
  expect((await query("select to_regclass('orders_new') as made")).rows).toEqual([{ made: null }]);
  expect(await call('PATCH', ORDERS, { phases: PHASES })).toMatchObject({ status: 200 });
  await command({ command: 'retry' });
  expect(await rest()).toMatchObject({ phase: 'expand', problem: null });
});

test('a backfill that is cut off at any moment goes on where it stood, on another server too', async () => {
  const dataDir = newFolder();
  const { url, query } = await newOrders();
  const first = await start(dataDir);
  await makePlan(first, url);
  await join(first, '2.1.0');
  await first.go('dual_write');
  // What a batch copies twice is counted.
  await query('create table copied (id bigint)');
  await query(
    'create function note() returns trigger language plpgsql as $$ begin insert into copied values (new.id); return new; end $$',
  );
  await query('create trigger note before insert on orders_new for each row execute function note()');
  await query(
    'create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.05); return null; end $$',
  );
  await query('create trigger slow after insert on orders_new for each statement execute function slow()');
  await first.command({ command: 'go', to: 'backfill' });
  await expect
    .poll(async () => (await query('select count(*)::int as rows from copied')).rows[0].rows)
    .toBeGreaterThan(300);
  await first.command({ command: 'pause', reason: 'lunch' });
  await first.app.bunting.migrationEngine.settle();
  const paused = (await query('select count(*)::int as rows from copied')).rows[0].rows;
  expect(paused).toBeLessThan(ROWS);
  await first.command({ command: 'resume' });
  await expect
    .poll(async () => (await query('select count(*)::int as rows from copied')).rows[0].rows)
    .toBeGreaterThan(paused + 300);
  await first.app.close();
  expect((await query('select count(*)::int as rows from copied')).rows[0].rows).toBeLessThan(ROWS);
  await query('select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1', [
    'bunting migration%',
  ]);
  const second = await start(dataDir);
  await join(second, '2.1.0', keyOf(first.app));
  expect(await second.rest()).toMatchObject({ phase: 'backfill', problem: null });
  expect((await query('select count(*)::int as rows, count(distinct id)::int as ids from copied')).rows).toEqual([
    { rows: ROWS, ids: ROWS },
  ]);
});

test('a lock that others hold is waited for, and nobody queues behind the plan for long', async () => {
  const server = await start();
  const { command, get, rest, app } = server;
  const { url, query } = await newOrders();
  await makePlan(server, url, {
    phases: { expand: { up: [{ sql: 'alter table orders add column cents bigint' }], isReversible: true } },
  });
  await query('begin; lock table orders in access share mode');
  await command({ command: 'go', to: 'expand' });
  await app.bunting.migrationEngine.settle();
  await expect.poll(async () => (await get()).waiting.join(), { timeout: 10_000 }).toMatch(/lock timeout/);
  await query('commit');
  expect(await rest()).toMatchObject({ phase: 'expand', problem: null });
});

test('a check that does not hold keeps a plan where it is', async () => {
  const server = await start();
  const { go } = server;
  const { url } = await newOrders();
  const check = { sql: 'select id, total from orders where id = 7', withinSeconds: 0 };
  await makePlan(server, url, { phases: { expand: { verify: [check, { sql: 'select true' }] } } });
  expect(await go('expand')).toMatchObject({
    phase: 'baseline',
    problem: 'The check does not hold; it found {"id":"7","total":"7"}.',
  });
});

test('SQL that ends its transaction by itself is refused, and none of it is kept on record as done', async () => {
  const server = await start();
  const { url } = await newOrders();
  await makePlan(server, url, { phases: { expand: { up: [{ sql: 'select 1; commit; select 2' }] } } });
  expect(await server.go('expand')).toMatchObject({
    problem: expect.stringContaining('leave out begin, commit and rollback'),
  });
});

test('while one server works in a database another one leaves it alone', async () => {
  const server = await start();
  const { command, get, rest, app } = server;
  const { url, query } = await newOrders();
  await makePlan(server, url);
  const plan = await app.bunting.database.selectFrom('migration_plans').select('id').executeTakeFirstOrThrow();
  await query("select pg_advisory_lock(hashtextextended('bunting migration ' || $1, 0))", [plan.id]);
  await command({ command: 'go', to: 'expand' });
  await expect.poll(async () => (await get()).waiting.join()).toMatch(/Another server of Bunting is at work/);
  await query('select pg_advisory_unlock_all()');
  expect(await rest()).toMatchObject({ phase: 'expand' });
});

test('of several servers one at a time works on a plan, whichever looks, and each action is done once', async () => {
  const dataDir = newFolder();
  const { url, query } = await newOrders();
  const servers = [await start(dataDir), await start(dataDir), await start(dataDir)];
  const [first] = servers;
  if (first === undefined) throw new Error('there are three');
  const up = Array.from({ length: 5 }, (_, at) => ({ sql: `insert into done values (${at}); select pg_sleep(0.05)` }));
  await query('create table done (step int)');
  await makePlan(first, url, { flag: undefined, phases: { expand: { up, isReversible: true } } });
  await first.command({ command: 'go', to: 'expand' });
  const isThere = async () => {
    await Promise.all(servers.map(({ app }) => app.bunting.migrationEngine.look()));
    return (await first.get()).phase;
  };
  await expect.poll(isThere, { timeout: 15_000, interval: 10 }).toBe('expand');
  expect((await query('select step from done order by step')).rows).toEqual(up.map((_, step) => ({ step })));
});
