import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import type { Config } from '../config/config.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';

const PLANS = '/projects/default/environments/production/migration-plans';
const ORDERS = `${PLANS}/orders`;

async function start(config: Partial<Config> = {}) {
  const server = await startApp({ config: { egressAllow: ['127.0.0.1'], ...config } });
  const { call, app } = server;
  const create = (input: object) =>
    call('POST', PLANS, { key: 'orders', name: 'Orders', settleSeconds: 0, phases: {}, ...input });
  const command = (body: object) => call('POST', `${ORDERS}/commands`, body);
  const rest = async () => {
    const isResting = async () => {
      await app.bunting.migrationEngine.look();
      await app.bunting.migrationEngine.settle();
      const { isMoving, problem, waiting } = (await call('GET', ORDERS)).body;
      return isMoving && problem === null ? waiting : 'rests';
    };
    await expect.poll(isResting, { interval: 20 }).toBe('rests');
    return (await call('GET', ORDERS)).body;
  };
  return { ...server, create, command, rest };
}

async function makeFlag({ call }: Pick<TestServer, 'call'>): Promise<void> {
  await call('POST', '/projects/default/flags', { key: 'orders', type: 'string', kind: 'migration' });
}

test('a plan drives its flag, forward and back, and the audit log tells of it', async () => {
  const server = await start();
  const { call, create, command, rest } = server;
  await makeFlag(server);
  expect(await create({ flag: 'orders' })).toMatchObject({ status: 201, body: { phase: 'baseline', isMoving: false } });
  expect(await create({ flag: 'orders' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  await command({ command: 'go', to: 'read_new' });
  expect(await rest()).toMatchObject({ phase: 'read_new', floor: 'baseline' });
  const flag = async () => (await call('GET', '/projects/default/flags/orders')).body.environments.production;
  expect(await flag()).toMatchObject({ defaultRule: { variant: 'live' }, safeVariant: 'shadow', offVariant: 'shadow' });
  await command({ command: 'go', to: 'dual_write' });
  expect(await rest()).toMatchObject({ phase: 'dual_write' });
  expect(await flag()).toMatchObject({ defaultRule: { variant: 'dualWrite' }, safeVariant: 'dualWrite' });
  const { items } = (await call('GET', '/audit?project=default&limit=100')).body;
  const decisions = items.map(({ after }: { after?: { decision?: string } }) => after?.decision);
  expect(decisions).toContain('Phase read_new is reached.');
  expect(decisions).toContain('Leaves read_new.');
});

test('a plan says from which of its phases there is no way back, and why', async () => {
  const { create } = await start();
  const { body } = await create({ phases: { shadow_read: { isReversible: false } } });
  expect(body).toMatchObject({ release: null, pause: null, floor: 'baseline' });
  expect(body.pointsOfNoReturn).toEqual([
    { phase: 'shadow_read', reason: 'Its plan says that shadow_read cannot be undone.' },
    { phase: 'stop_old_write', reason: expect.stringContaining('What was old is not written any more') },
    { phase: 'contract', reason: expect.stringContaining('there is no way back') },
  ]);
});

test('a preview says what would be run, and why it may not', async () => {
  const server = await start();
  await makeFlag(server);
  await server.create({ flag: 'orders', phases: { expand: { bakeSeconds: 60 } } });
  const { body } = await server.call('GET', `${ORDERS}/preview?to=shadow_read`);
  expect(body).toMatchObject({ allowed: true, refusal: null });
  const obeyed = ['Wait until every instance obeys', 'Wait 0 s, until what was begun before has ended'];
  expect(body.moves).toEqual([
    { phase: 'expand', direction: 'up', actions: [] },
    {
      phase: 'dual_write',
      direction: 'up',
      actions: ['Let the flag serve dualWrite', ...obeyed],
    },
    { phase: 'backfill', direction: 'up', actions: [] },
    {
      phase: 'shadow_read',
      direction: 'up',
      actions: ['Let the flag serve shadow', ...obeyed],
    },
  ]);
  const far = await server.call('GET', `${ORDERS}/preview?to=contract`);
  expect(far.body).toMatchObject({ allowed: false, refusal: expect.stringContaining('a step of its own') });
});

test.each([
  ['a flag that is not there', { flag: 'nobody' }, 'flag', 'there is no flag "nobody"'],
  [
    'SQL without a database',
    { phases: { expand: { up: [{ sql: 'select 1' }] } } },
    'phases.expand.up[0]',
    'give the plan database',
  ],
  [
    'a backfill without a cursor',
    { database: 'postgres://shop@127.0.0.1/shop', phases: { backfill: { up: [{ backfill: 'select 1', from: '0' }] } } },
    'phases.backfill.up[0].backfill',
    'must use :cursor and :limit',
  ],
  [
    'a contract without the code that does without',
    { database: 'postgres://shop@127.0.0.1/shop', phases: { contract: { up: [{ sql: 'drop table orders' }] } } },
    'code',
    'from which version',
  ],
  [
    'a contract that could be undone',
    { phases: { contract: { isReversible: true } } },
    'phases.contract.isReversible',
    'is gone',
  ],
  [
    'reads that nothing compares',
    { phases: { expand: { verify: [{ reads: { minCompared: 1, maxMismatchedPer100k: 0 } }] } } },
    'phases.expand.verify[0]',
    'give the plan a flag',
  ],
  [
    'a key that is too long for what replication makes',
    { key: 'o'.repeat(49), replication: { tables: ['orders'], variants: { old: 'off', new: 'on' } } },
    'replication',
    'at most 48 characters',
  ],
])('a plan with %s is refused with the fix', async (_, input, path, message) => {
  const { create } = await start();
  const { status, body } = await create(input);
  expect(status).toBe(400);
  expect(body.details).toContainEqual({ path, message: expect.stringContaining(message) });
});

test('a killed flag stops the way forward, and not the way back', async () => {
  const server = await start();
  const { call, create, command, rest } = server;
  await makeFlag(server);
  await create({ flag: 'orders' });
  await command({ command: 'go', to: 'read_new' });
  await rest();
  await call('POST', '/projects/default/flags/orders/environments/production/kill', { reason: 'new store is slow' });
  const { body } = await command({ command: 'go', to: 'read_only_new' });
  expect(body).toMatchObject({ phase: 'read_new', waiting: [expect.stringContaining('is killed in production')] });
  await command({ command: 'go', to: 'shadow_read' });
  expect(await rest()).toMatchObject({ phase: 'shadow_read' });
});

test('a flag that someone changed by hand stops the way forward', async () => {
  const server = await start();
  const { call, create, command, rest } = server;
  await makeFlag(server);
  await create({ flag: 'orders' });
  await command({ command: 'go', to: 'dual_write' });
  await rest();
  await call('PATCH', '/projects/default/flags/orders/environments/production', {
    ...{ defaultRule: { variant: 'off' }, offVariant: 'off', safeVariant: 'off' },
  });
  const { body } = await command({ command: 'go', to: 'backfill' });
  expect(body.waiting).toEqual([
    expect.stringContaining('may serve off in production, but dual_write wants dualWrite'),
  ]);
});

test('forward needs the approvals of its environment; back does not', async () => {
  const { call, create, command, rest } = await start();
  await create({});
  await command({ command: 'go', to: 'expand' });
  await rest();
  await call('PATCH', '/projects/default/environments/production', { requiredApprovals: 1 });
  expect(await command({ command: 'go', to: 'dual_write' })).toMatchObject({
    status: 409,
    body: { code: 'approval_required' },
  });
  expect(await command({ command: 'go', to: 'baseline' })).toMatchObject({ status: 200 });
  expect(await rest()).toMatchObject({ phase: 'baseline' });
});

test('a tool is called until it says that it is done, by the same id, signed', async () => {
  const ids: unknown[] = [];
  const bodies: unknown[] = [];
  const statuses = [503, 202, 202, 200];
  const tool = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      ids.push(request.headers['webhook-id'], request.headers['webhook-signature'] !== undefined);
      bodies.push(JSON.parse(text));
      response.writeHead(statuses.shift() ?? 200).end('flyway: 3 scripts');
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void tool.close());
  await new Promise((resolve) => tool.on('listening', resolve));
  const { create, command, rest, call } = await start();
  const webhook = `http://127.0.0.1:${(tool.address() as AddressInfo).port}/migrate`;
  await create({
    phases: { expand: { up: [{ webhook }] } },
    webhookSecret: `whsec_${Buffer.alloc(32).toString('base64')}`,
  });
  await command({ command: 'go', to: 'expand' });
  expect(await rest()).toMatchObject({ phase: 'expand', problem: null });
  expect(new Set(ids)).toEqual(new Set([ids[0], true]));
  expect(bodies[0]).toMatchObject({
    project: 'default',
    environment: 'production',
    plan: 'orders',
    phase: 'expand',
    direction: 'up',
  });
  expect((await call('GET', `${ORDERS}/runs`)).body.items[0]).toMatchObject({
    outcome: 'succeeded',
    output: 'flyway: 3 scripts',
  });
});

test('a command runs where the settings name its folder, and is told what to do', async () => {
  const folder = newFolder();
  const file = join(folder, 'migrate');
  writeFileSync(
    file,
    '#!/bin/sh\necho "$BUNTING_PLAN $BUNTING_PHASE $BUNTING_DIRECTION"\n[ "$BUNTING_DIRECTION" = up ]\n',
  );
  chmodSync(file, 0o755);
  const phases = { expand: { up: [{ command: 'migrate' }], down: [{ command: 'migrate' }] } };
  const { create, command, rest, call } = await start({ migrationCommands: folder });
  await create({ phases });
  await command({ command: 'go', to: 'expand' });
  expect(await rest()).toMatchObject({ phase: 'expand' });
  expect((await call('GET', `${ORDERS}/runs`)).body.items[0]).toMatchObject({ output: 'orders expand up\n' });
  await command({ command: 'go', to: 'baseline' });
  expect(await rest()).toMatchObject({
    phase: 'expand',
    problem: expect.stringContaining('migrate ended with 1. orders expand down'),
  });
});

test('a command that a server which stops has cut off has not failed', async () => {
  const folder = newFolder();
  const file = join(folder, 'migrate');
  writeFileSync(file, '#!/bin/sh\ntouch begun\nexec sleep 30\n');
  chmodSync(file, 0o755);
  const { create, command, app, dataDir } = await start({ migrationCommands: folder });
  await create({ phases: { expand: { up: [{ command: 'migrate' }] } } });
  await command({ command: 'go', to: 'expand' });
  await expect.poll(() => existsSync(join(folder, 'begun')), { timeout: 5_000 }).toBe(true);
  await app.close();
  writeFileSync(file, '#!/bin/sh\n');
  const next = await startApp({ dataDir, config: { migrationCommands: folder } });
  const expanded = async () => {
    await next.app.bunting.migrationEngine.look();
    await next.app.bunting.migrationEngine.settle();
    const { phase, problem } = (await next.call('GET', ORDERS)).body;
    return problem ?? phase;
  };
  await expect.poll(expanded, { timeout: 5_000 }).toBe('expand');
});

test('a command is refused where the settings name no folder', async () => {
  const { create, command, rest, call } = await start();
  await create({ phases: { expand: { up: [{ command: 'migrate' }] } } });
  await command({ command: 'go', to: 'expand' });
  expect(await rest()).toMatchObject({ problem: expect.stringContaining('BUNTING_MIGRATION_COMMANDS') });
  const { items } = (await call('GET', '/audit?project=default&limit=1')).body;
  expect(items[0]).toMatchObject({ action: 'migration-plan.stopped', after: { phase: 'baseline', wanted: 'expand' } });
});

test('a release asks for a phase in its own transaction, and is told how far the plan is', async () => {
  const { create, rest, app } = await start();
  await create({});
  const { changes, migrationPlans, database } = app.bunting;
  const { environment_id: id } = await database
    .selectFrom('migration_plans')
    .select('environment_id')
    .executeTakeFirstOrThrow();
  expect(await migrationPlans.facts(id, 'nobody')).toBeUndefined();
  expect(await migrationPlans.facts(id, 'orders')).toEqual({ phase: 'baseline', isMoving: false, floor: 'baseline' });
  const want = (phase: 'expand' | 'contract') =>
    changes.commit(SYSTEM, (draft) => migrationPlans.want(draft, id, 'orders', phase, SYSTEM));
  await want('expand');
  await want('expand');
  expect(await migrationPlans.facts(id, 'orders')).toMatchObject({ isMoving: true });
  await rest();
  expect(await migrationPlans.facts(id, 'orders')).toMatchObject({ phase: 'expand', isMoving: false });
  await expect(want('contract')).rejects.toMatchObject({ code: 'wrong_state' });
});

test('a connection URL is sealed, and shown without its password', async () => {
  const { create, call, app, logs } = await start();
  const database = 'postgres://shop:hush-hush@127.0.0.1:6432/shop';
  expect((await create({ database })).body).toMatchObject({
    database: { host: '127.0.0.1:6432', database: 'shop', role: 'shop' },
  });
  const kept = await app.bunting.database.selectFrom('migration_plans').selectAll().execute();
  const events = await app.bunting.database.selectFrom('audit_events').selectAll().execute();
  const shown = (await call('GET', ORDERS)).body;
  expect(JSON.stringify([kept, events, shown, logs])).not.toContain('hush-hush');
});

test('a plan is changed by version, and deleted when it rests', async () => {
  const { create, call, command } = await start();
  await create({});
  expect(await call('PATCH', ORDERS, { name: 'Orders 2' }, { 'if-match': '"1"' })).toMatchObject({
    status: 200,
    body: { version: 2 },
  });
  expect(await call('PATCH', ORDERS, { name: 'Orders 3' }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
  const paused = (await command({ command: 'pause', reason: 'not yet' })).body.pause;
  expect(paused).toEqual({ by: expect.any(String), reason: 'not yet', at: expect.any(String) });
  await command({ command: 'go', to: 'expand' });
  expect(await call('DELETE', ORDERS)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  await command({ command: 'go', to: 'baseline' });
  expect(await call('DELETE', ORDERS)).toMatchObject({ status: 204 });
  expect(await call('GET', ORDERS)).toMatchObject({ status: 404 });
});

test('a plan that a release under way moves is neither sent elsewhere by hand nor deleted', async () => {
  const { create, call, command, app } = await start();
  await create({});
  const input = {
    title: 'Orders',
    environment: 'production',
    strategy: 'migration',
    flags: [],
    migration: { plan: 'orders' },
  };
  const stages = [{ migrationPhase: 'expand', soakSeconds: 600 }];
  const made = await call('POST', '/projects/default/releases', { ...input, stages });
  expect(made).toMatchObject({ status: 201 });
  await call('POST', `/projects/default/releases/${made.body.id}/commands`, { command: 'start' });
  await app.bunting.releaseEngine.look();
  const held = { status: 409, body: { code: 'conflict', details: { release: made.body.id } } };
  expect(await command({ command: 'go', to: 'baseline' })).toMatchObject(held);
  expect((await call('GET', ORDERS)).body.release).toEqual({ id: made.body.id, title: 'Orders' });
  await app.bunting.migrationEngine.settle();
  await expect.poll(async () => (await call('GET', ORDERS)).body.isMoving).toBe(false);
  expect(await call('DELETE', ORDERS)).toMatchObject(held);
});
