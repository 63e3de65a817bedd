import { expect, test } from 'vitest';
import { startProgram } from '../testing/programs.ts';
import { CRASH, ENVIRONMENT, off, RELATIVE, SAFEGUARDS, start, WORSE } from './scene.test.fixture.ts';

test('safeguards are changed by who has seen them, deleted, audited, and gone with their environment', async () => {
  const { app, call } = await start();
  const { body: made } = await call('POST', SAFEGUARDS, WORSE);
  const path = `${SAFEGUARDS}/${made.id}`;
  const { body: patched } = await call('PATCH', path, { mode: 'dry_run' }, { 'if-match': '"1"' });
  expect(patched).toMatchObject({ mode: 'dry_run', version: 2 });
  expect((await call('PATCH', path, { enabled: false }, { 'if-match': '"1"' })).status).toBe(412);
  expect((await call('GET', SAFEGUARDS)).body.items).toHaveLength(1);
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET', path)).status).toBe(404);
  const { body } = await call('GET', '/audit?project=default&environment=production');
  const actions = body.items.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(expect.arrayContaining(['safeguard.created', 'safeguard.updated', 'safeguard.deleted']));

  const { body: last } = await call('POST', SAFEGUARDS, WORSE);
  expect(app.bunting.guards.book.find(last.id)).toBeDefined();
  await call('DELETE', `${ENVIRONMENT}?confirm=production`);
  expect(app.bunting.guards.book.find(last.id)).toBeUndefined();
});

test('the standard set is one call, and turns on slices of the flag', async () => {
  const { call } = await start();
  const { status, body } = await call('POST', `${SAFEGUARDS}/standard`, { watch: { flag: 'checkout' } });
  expect([status, body.items.map((each: { action: string }) => each.action)]).toEqual([201, ['kill', 'pause', 'kill']]);
  const { body: flag } = await call('GET', '/projects/default/flags/checkout');
  expect(flag.environments.production.slices).toBe(true);
  const [crash] = (await call('GET', SAFEGUARDS)).body.items;
  expect(crash.watching).toMatchObject([
    { flag: 'checkout', variant: null, silence: expect.stringContaining('flags.run') },
  ]);
});

test('what could never find anything is refused with what to do', async () => {
  const { call } = await start();
  const refused = async (fields: object) => {
    const { status, body } = await call('POST', SAFEGUARDS, { ...WORSE, ...fields });
    return [status, body.details?.[0]?.path ?? body.details?.problems?.[0]?.path];
  };
  expect(await refused({ metric: { kind: 'latency' } })).toEqual([400, 'metric.aboveMs']);
  expect(await refused({ metric: { kind: 'mismatches', path: 'read' } })).toEqual([400, 'test.kind']);
  expect(await refused({ candidate: 'on', baseline: 'on' })).toEqual([400, 'baseline']);
  expect(await refused({ test: { ...RELATIVE, alpha: 2 } })).toEqual([400, 'test.alpha']);
});

test('a patch takes away what it says is null', async () => {
  const { call } = await start();
  const { body: made } = await call('POST', SAFEGUARDS, { ...WORSE, candidate: 'on', deploy: { newest: true } });
  const { status, body } = await call('PATCH', `${SAFEGUARDS}/${made.id}`, { candidate: null, deploy: null });
  expect(status).toBe(200);
  expect(body).toMatchObject({ name: 'Worse', version: 2 });
  expect(Object.keys(body)).not.toContain('candidate');
  expect(Object.keys(body)).not.toContain('deploy');
});

test('those that watch one flag are listed, by its name, its tags or whatever is measured, with what they see of it', async () => {
  const { call, measure } = await start();
  await call('POST', '/projects/default/flags', { key: 'other', type: 'boolean' });
  const named = (name: string, watch: object) => call('POST', SAFEGUARDS, { ...WORSE, name, watch });
  await named('Key', { flag: 'checkout' });
  await named('Tag', { tag: 'shop' });
  await named('All', { measured: true });
  await named('Other', { flag: 'other' });
  await measure({ errors: 1 }, off, { flag: 'other' });
  const list = async (query: string) => (await call('GET', `${SAFEGUARDS}?${query}`)).body;
  const { items } = await list('flag=checkout');
  expect(items.map(({ name }: { name: string }) => name)).toEqual(['Key', 'Tag', 'All']);
  for (const { watching } of items) expect(watching).toMatchObject([{ flag: 'checkout', variant: 'on' }]);
  const first = await list('flag=checkout&limit=2');
  expect(first.items).toHaveLength(2);
  expect((await list(`flag=checkout&limit=2&cursor=${first.nextCursor}`)).items).toMatchObject([{ name: 'All' }]);
});

test('coverage tells flags that nobody watches, and those of which nothing would be seen; what is off or killed is left out', async () => {
  const { call } = await start();
  for (const key of ['alone', 'quiet', 'switched-off', 'killed']) {
    await call('POST', '/projects/default/flags', { key, type: 'boolean' });
    const enabled = key !== 'switched-off';
    await call('PATCH', `/projects/default/flags/${key}/environments/production`, { enabled });
  }
  await call('POST', '/projects/default/flags/killed/environments/production/kill', { reason: 'no' });
  await call('POST', SAFEGUARDS, WORSE);
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { flag: 'quiet' }, test: CRASH });
  const sample = { metric: { kind: 'exposures' }, test: { kind: 'sample_ratio', alpha: 0.01 }, action: 'notify' };
  await call('POST', SAFEGUARDS, { ...WORSE, watch: { flag: 'alone' }, ...sample });
  const coverage = async (query = '') => (await call('GET', `${SAFEGUARDS}/coverage${query}`)).body;
  expect(await coverage('?sight=blind')).toMatchObject({
    ...{ watched: 0, blind: 2, unwatched: 1 },
    items: [
      { flag: 'checkout', safeguards: 1 },
      { flag: 'quiet', why: expect.stringContaining('flags.run') },
    ],
  });
  const { items, nextCursor } = await coverage('?limit=1');
  expect(items).toMatchObject([{ flag: 'alone' }]);
  expect((await coverage(`?limit=1&cursor=${nextCursor}`)).items).toMatchObject([{ flag: 'checkout' }]);
});

test('nobody lets safeguards do what they may not do themselves', async () => {
  const server = await start();
  const role = { name: 'Guards', permissions: ['project:read', 'signal:read', 'safeguard:write'] };
  await server.call('PUT', '/roles/guards', role);
  const { headers } = await startProgram(server, 'guards', { project: 'default' });
  const create = (definition: object) => server.call('POST', SAFEGUARDS, { ...WORSE, ...definition }, headers);
  expect((await create({ action: 'kill' })).body.message).toContain('kill:engage');
  expect((await create({ action: 'pause' })).body.message).toContain('targeting:write');
  expect((await create({ action: 'abort' })).body.message).toContain('release:write');
  const standard = await server.call('POST', `${SAFEGUARDS}/standard`, { watch: WORSE.watch }, headers);
  expect([standard.status, standard.body.code]).toEqual([403, 'forbidden']);
  expect((await create({ action: 'notify' })).status).toBe(201);
  const { status, body } = await create({ mode: 'dry_run' });
  expect(status).toBe(201);
  const update = (patch: object) => server.call('PATCH', `${SAFEGUARDS}/${body.id}`, patch, headers);
  expect((await update({ mode: 'armed' })).body.message).toContain('kill:engage');
  // Whoever may change one may always turn it off.
  await server.call('PATCH', `${SAFEGUARDS}/${body.id}`, { mode: 'armed' });
  expect((await update({ enabled: false })).body).toMatchObject({ enabled: false, mode: 'armed' });
});
