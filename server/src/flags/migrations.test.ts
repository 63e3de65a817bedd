import { describe, expect, test } from 'vitest';
import { startApp, type TestServer } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const FLAGS = '/projects/default/flags';
const ORDERS = `${FLAGS}/orders`;
const PRODUCTION = `${ORDERS}/environments/production`;
const RECEIPTS = '/projects/default/environments/production/receipts';
const STAGES = ['off', 'dualWrite', 'shadow', 'live', 'rampDown', 'complete'];

async function startMigration(): Promise<TestServer> {
  const server = await startApp();
  const { status } = await server.call('POST', FLAGS, { key: 'orders', type: 'string', kind: 'migration' });
  expect(status).toBe(201);
  return server;
}

/** An SDK that confirms nothing unless it is told to. */
async function joinAs(id: string, { app }: TestServer, url: string) {
  const secret = app.bunting.firstKeys.find(
    ({ kind, environment }) => kind === 'server' && environment === 'production',
  );
  const sdk = await connect(
    url,
    hello(secret?.secret ?? '', { instance: { id, app: 'shop' }, deploy: { version: '1.2' } }),
  );
  const confirm = (revision: unknown) => sdk.send({ type: 'receipt', revision, broken: { count: 0, keys: [] } });
  return { ...sdk, confirm };
}

describe('a flag of kind migration', () => {
  test('has the stages as its variants, and begins at off in every environment, on or off', async () => {
    const { call } = await startMigration();
    const { body } = await call('GET', ORDERS);
    expect(body.variants).toEqual(STAGES.map((stage) => ({ name: stage, value: stage })));
    const off = { enabled: false, offVariant: 'off', defaultRule: { variant: 'off' } };
    expect(body.environments).toMatchObject({ development: off, production: off });
  });

  test('may name its variants otherwise, and begins at the one whose value is off', async () => {
    const { call } = await startApp();
    const variants = STAGES.map((value) => ({ name: `${value} stage`, value })).reverse();
    const { body } = await call('POST', FLAGS, { key: 'orders', type: 'string', kind: 'migration', variants });
    expect(body.environments.production).toMatchObject({
      offVariant: 'off stage',
      defaultRule: { variant: 'off stage' },
    });
  });

  test.each([
    ['another type', { type: 'boolean' }, 'kind', 'flags of type string'],
    ['a value that is no stage', { variants: [{ name: 'a', value: 'halfway' }] }, 'variants[0].value', 'not a stage'],
    [
      'a stage twice',
      { variants: [...STAGES, 'off'].map((value, i) => ({ name: `${i}`, value })) },
      'variants[6].value',
      'of another variant',
    ],
    [
      'stages missing',
      { variants: ['off', 'live'].map((value) => ({ name: value, value })) },
      'variants',
      'no variant for dualWrite, shadow, rampDown, complete',
    ],
  ])('is refused with %s', async (_, fields, path, message) => {
    const { call } = await startApp();
    const input = { key: 'orders', type: 'string', kind: 'migration', ...fields };
    const { status, body } = await call('POST', FLAGS, input);
    expect(status).toBe(400);
    expect(body.details).toMatchObject([{ path, message: expect.stringContaining(message) }]);
    expect(body.message).toContain('leave variants out');
  });

  test('keeps its kind and what its variants mean, whatever else is changed', async () => {
    const { call } = await startMigration();
    const swapped = STAGES.map((value, i) => ({ name: STAGES[5 - i], value }));
    expect((await call('PATCH', ORDERS, { variants: swapped })).body.code).toBe('stage_guarded');
    expect((await call('PATCH', ORDERS, { kind: 'release' })).body.code).toBe('stage_guarded');
    const reversed = STAGES.map((value) => ({ name: value, value })).reverse();
    expect((await call('PATCH', ORDERS, { variants: reversed, name: 'Orders' })).status).toBe(200);
  });

  test('can be made of another flag only where that serves neighbours everywhere', async () => {
    const { call } = await startApp();
    const variants = STAGES.map((value) => ({ name: value, value }));
    await call('POST', FLAGS, { key: 'orders', type: 'string', variants });
    await call('PATCH', PRODUCTION, { offVariant: 'off' });
    await call('PATCH', `${ORDERS}/environments/development`, { offVariant: 'off' });
    expect((await call('PATCH', ORDERS, { kind: 'migration' })).status).toBe(200);
    await call('POST', FLAGS, { key: 'stock', type: 'string', variants });
    await call('PATCH', `${FLAGS}/stock/environments/production`, { enabled: true });
    const { status, body } = await call('PATCH', `${FLAGS}/stock`, { kind: 'migration' });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'stage_too_far' });
    expect(body.message).toContain('In production');
  });

  test('cannot be archived under way', async () => {
    const { call } = await startMigration();
    await call('PATCH', PRODUCTION, { enabled: true, defaultRule: { variant: 'dualWrite' } });
    const { body } = await call('POST', `${ORDERS}/archive`);
    expect(body).toMatchObject({ code: 'stage_guarded', message: expect.stringContaining('under way in production') });
    await call('PATCH', PRODUCTION, { defaultRule: { variant: 'off' } });
    expect((await call('POST', `${ORDERS}/archive`)).status).toBe(200);
  });
});

describe('a stage', () => {
  test('is not skipped: the answer says what to change first, and nothing is written', async () => {
    const { call } = await startMigration();
    const { status, body } = await call('PATCH', PRODUCTION, { enabled: true, defaultRule: { variant: 'live' } });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'stage_too_far',
      message: expect.stringContaining('could run side by side'),
      details: [
        { path: 'safeVariant', message: 'would serve "off"' },
        { path: 'defaultRule', message: 'would serve "live"' },
      ],
    });
    const all = { enabled: true, offVariant: 'live', defaultRule: { variant: 'live' } };
    const far = await call('PATCH', PRODUCTION, all);
    expect(far.body).toMatchObject({
      code: 'stage_too_far',
      message: expect.stringContaining('First change all places that details name to "dualWrite"'),
      details: [
        { path: 'offVariant', message: 'serves "off"' },
        { path: 'safeVariant', message: 'serves "off"' },
      ],
    });
    expect((await call('GET', ORDERS)).body.environments.production).toMatchObject({ enabled: false, version: 1 });
  });

  test.each([
    ['targets', { targets: [{ values: ['ann'], variant: 'shadow' }] }],
    ['rules', { rules: [{ id: 'r', when: { all: [] }, serve: { variant: 'shadow' } }] }],
    [
      'schedules',
      {
        defaultRule: {
          split: {
            ranges: [{ variant: 'off', from: 0, to: 100_000 }],
            schedule: [{ atMs: 4e12, ranges: [{ variant: 'shadow', from: 0, to: 100_000 }] }],
          },
        },
      },
    ],
    ['what a kill serves', { safeVariant: 'shadow' }],
    ['what an unmet prerequisite serves', { offVariant: 'shadow', prerequisites: [{ flag: 'parent', state: 'on' }] }],
  ])('is not skipped by %s', async (_, patch) => {
    const { call } = await startMigration();
    await call('POST', FLAGS, { key: 'parent', type: 'boolean' });
    expect((await call('PATCH', PRODUCTION, { enabled: true })).status).toBe(200);
    const { body } = await call('PATCH', PRODUCTION, patch);
    expect(body.code).toBe('stage_too_far');
  });

  test('goes all the way, and back, one at a time with the safe variant along', async () => {
    const { call } = await startMigration();
    await call('PATCH', PRODUCTION, { enabled: true });
    const move = (stage: string) =>
      call('PATCH', PRODUCTION, { defaultRule: { variant: stage }, safeVariant: stage, offVariant: stage });
    for (const stage of [...STAGES.slice(1), ...STAGES.slice(0, -1).reverse()])
      expect((await move(stage)).status).toBe(200);
  });

  test('moves when every instance has the present one, and names who has not', async () => {
    const server = await startMigration();
    const url = await listen(server.app);
    const [quick, slow] = [await joinAs('quick', server, url), await joinAs('slow', server, url)];
    const { revision } = await quick.next('snapshot');
    quick.confirm(revision);
    const first = { enabled: true, defaultRule: { variant: 'dualWrite' } };
    const receipts = async () => (await server.call('GET', RECEIPTS)).body;
    await expect.poll(receipts).toMatchObject({ confirmed: 1, pending: 1 });
    const refused = await server.call('PATCH', PRODUCTION, first);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'stage_not_confirmed',
        message: expect.stringContaining('instances: slow shop 1.2'),
        details: { instances: [{ id: 'slow', app: 'shop', version: '1.2' }], unconfirmed: 1, servers: [] },
      },
    });
    slow.confirm(revision);
    await expect.poll(receipts).toMatchObject({ confirmed: 2 });
    expect((await server.call('PATCH', PRODUCTION, first)).status).toBe(200);
  });

  test('waits for an instance that was lost, until it is known to have ended or has the stage', async () => {
    const server = await startMigration();
    const url = await listen(server.app);
    const sdk = await joinAs('lost', server, url);
    sdk.confirm((await sdk.next('snapshot')).revision);
    const receipts = async () => (await server.call('GET', RECEIPTS)).body;
    await expect.poll(receipts).toMatchObject({ confirmed: 1 });
    sdk.socket.terminate();
    await expect.poll(receipts).toMatchObject({ unknown: 1 });
    const first = { enabled: true, defaultRule: { variant: 'dualWrite' } };
    const { body } = await server.call('PATCH', PRODUCTION, first);
    expect(body).toMatchObject({ code: 'stage_not_confirmed', details: { instances: [{ id: 'lost' }] } });
    const again = await joinAs('lost', server, url);
    again.confirm((await again.next('snapshot')).revision);
    await expect.poll(receipts).toMatchObject({ confirmed: 1, unknown: 0 });
    expect((await server.call('PATCH', PRODUCTION, first)).status).toBe(200);
  });

  test('is not held up by other changes that an instance lacks, nor is the way back by its own', async () => {
    const server = await startMigration();
    const url = await listen(server.app);
    const sdk = await joinAs('behind', server, url);
    sdk.confirm((await sdk.next('snapshot')).revision);
    const receipts = async () => (await server.call('GET', RECEIPTS)).body;
    await expect.poll(receipts).toMatchObject({ confirmed: 1 });
    await server.call('POST', FLAGS, { key: 'other', type: 'boolean' });
    const forth = { enabled: true, defaultRule: { variant: 'dualWrite' } };
    expect((await server.call('PATCH', PRODUCTION, forth)).status).toBe(200);
    // Fewer stages than before: nobody need have them.
    const safe = { safeVariant: 'dualWrite' };
    expect((await server.call('PATCH', PRODUCTION, safe)).status).toBe(200);
    const { body } = await server.call('PATCH', PRODUCTION, { defaultRule: { variant: 'shadow' } });
    expect(body.code).toBe('stage_not_confirmed');
  });

  test('of a killed flag is never in the way of the kill', async () => {
    const { call } = await startMigration();
    await call('PATCH', PRODUCTION, { enabled: true, defaultRule: { variant: 'dualWrite' } });
    const { status } = await call('POST', `${PRODUCTION}/kill`, { reason: 'slow' });
    expect(status).toBe(200);
  });
});
