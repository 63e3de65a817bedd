import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const ENVIRONMENTS = '/projects/default/environments';

test('a new environment serves all flags of its project, off, from its first revision on', async () => {
  const { app, call } = await startApp();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await call('POST', '/projects/default/flags', { key: 'gone', type: 'boolean' });
  await call('POST', '/projects/default/flags/gone/archive');
  await call('PATCH', '/projects/default/flags/a/environments/production', { enabled: true });
  const { status, body } = await call('POST', ENVIRONMENTS, { key: 'staging', name: 'Staging' });
  expect(status).toBe(201);
  expect(body).toMatchObject({ key: 'staging', production: false, position: 2, revision: { number: 1 } });
  const { body: project } = await call('GET', '/projects/default');
  expect(project.environments.map(({ key }: { key: string }) => key)).toEqual(['development', 'production', 'staging']);
  expect(project.environments[2]).toEqual(body);
  const ruleset = [...app.bunting.rulesets.all()].find(({ environment }) => environment === 'staging');
  expect(ruleset?.items().map(({ key }) => key)).toEqual(['a']);
  const { body: flag } = await call('GET', '/projects/default/flags/a');
  expect(flag.environments.staging).toMatchObject({ enabled: false, offVariant: 'off' });
  const toggled = await call('PATCH', '/projects/default/flags/a/environments/staging', { enabled: true });
  expect(toggled.body.revision).toMatchObject({ incarnation: body.revision.incarnation, number: 2 });
});

test('every environment counts by an incarnation of its own', async () => {
  const { call } = await startApp();
  await call('POST', '/projects', { key: 'second', name: 'Second' });
  const { body } = await call('GET', '/projects');
  const incarnations = body.items.flatMap((project: { environments: { revision: { incarnation: string } }[] }) =>
    project.environments.map(({ revision }) => revision.incarnation),
  );
  expect(new Set(incarnations).size).toBe(4);
});

test('an environment is renamed, coloured, marked and moved; what changes nothing commits nothing', async () => {
  const { call } = await startApp();
  const path = `${ENVIRONMENTS}/production`;
  const facts = { name: 'Live', color: '#d97706', requireComment: true };
  const tag = async () => (await call('GET', `${ENVIRONMENTS}/development`)).headers.etag;
  const before = await tag();
  const { status, body } = await call('PATCH', path, { ...facts, position: 0 });
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({ ...facts, production: true, position: 0, version: 2 }),
  ]);
  const { body: list } = await call('GET', ENVIRONMENTS);
  expect(list.items.map(({ key }: { key: string }) => key)).toEqual(['production', 'development']);
  expect(await tag()).not.toBe(before);
  expect((await call('PATCH', path, facts)).body.version).toBe(2);
  expect((await call('PATCH', path, { color: null })).body).toMatchObject({ color: null, name: 'Live', version: 3 });
  expect((await call('PATCH', path, { color: 'red' })).body.details[0].path).toBe('color');
  const { body: events } = await call('GET', '/audit?limit=1');
  expect(events.items[0]).toMatchObject({ action: 'environment.updated', before: { color: '#d97706' } });
});

test('environments are listed in their order, in pages', async () => {
  const { call } = await startApp();
  for (const key of ['c', 'a']) await call('POST', ENVIRONMENTS, { key, name: key });
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await call('GET', `${ENVIRONMENTS}?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...body.items.map(({ key }: { key: string }) => key));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(['development', 'production', 'c', 'a']);
});

test('a clone serves what its model does, to the byte, and goes its own way from then on', async () => {
  const { app, call } = await startApp();
  const served = (name: string) => {
    const ruleset = app.bunting.rulesets.named('default', name);
    return [
      ruleset?.revision.hash,
      ruleset
        ?.items()
        .map(({ json }) => json)
        .sort(),
    ];
  };
  const segment = `${ENVIRONMENTS}/production/segments/staff`;
  await call('PUT', segment, { name: 'Staff', by: 'user.id' });
  await call('PUT', `${segment}/keys?list=included`, 'u1\nu2\n', { 'content-type': 'text/plain' });
  for (const key of ['a', 'b', 'gone']) await call('POST', '/projects/default/flags', { key, type: 'boolean' });
  const rules = [{ id: 'r', when: { segment: 'staff' }, serve: { variant: 'on' } }];
  await call('PATCH', '/projects/default/flags/a/environments/production', { enabled: true, rules });
  await call('POST', '/projects/default/flags/b/environments/production/kill', { reason: 'test' });
  await call('POST', '/projects/default/flags/gone/archive');
  const { status } = await call('POST', ENVIRONMENTS, { key: 'staging', name: 'Staging', from: 'production' });
  expect(status).toBe(201);
  expect(served('staging')).toEqual(served('production'));
  const { body: flag } = await call('GET', '/projects/default/flags/b');
  expect(flag.environments.staging.killed).toBeUndefined();
  expect((await call('GET', segment.replace('production', 'staging'))).body).toMatchObject({ includedCount: 2 });
  await call('PATCH', '/projects/default/flags/a/environments/staging', { enabled: false });
  expect((await call('GET', '/projects/default/flags/a')).body.environments.production.enabled).toBe(true);
  expect((await call('POST', '/projects/default/flags/gone/restore')).status).toBe(200);
  expect((await call('POST', ENVIRONMENTS, { key: 'x', name: 'X', from: 'none' })).status).toBe(404);
});

test('a deleted environment is gone with its keys and sockets, and its name can be used again', async () => {
  const { app, call } = await startApp();
  await call('POST', ENVIRONMENTS, { key: 'staging', name: 'Staging' });
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const { body: key } = await call('POST', `${ENVIRONMENTS}/staging/keys`, { kind: 'server', name: 'x' });
  const url = await listen(app);
  const client = await connect(url, hello(key.secret));
  await client.next('snapshot');
  expect((await call('DELETE', `${ENVIRONMENTS}/staging?confirm=production`)).body.details[0].path).toBe('confirm');
  expect((await call('DELETE', `${ENVIRONMENTS}/staging?confirm=staging`)).status).toBe(204);
  expect((await client.next('error')).code).toBe('key_refused');
  const again = await connect(url, hello(key.secret));
  expect((await again.next('error')).code).toBe('key_refused');
  expect(app.bunting.rulesets.named('default', 'staging')).toBeUndefined();
  expect(Object.keys((await call('GET', '/projects/default/flags/a')).body.environments)).not.toContain('staging');
  const made = await call('POST', ENVIRONMENTS, { key: 'staging', name: 'Staging' });
  expect(made.body.revision.number).toBe(1);
  expect(app.bunting.rulesets.named('default', 'staging')?.items().length).toBe(1);
  expect((await call('GET', '/audit?environment=staging&limit=2')).body.items[1].action).toBe('environment.deleted');
});

test('the last environment and the last project stay', async () => {
  const { app, call } = await startApp();
  await call('DELETE', `${ENVIRONMENTS}/development?confirm=development`);
  expect((await call('DELETE', `${ENVIRONMENTS}/production?confirm=production`)).status).toBe(409);
  expect((await call('DELETE', '/projects/default?confirm=default')).status).toBe(409);
  await call('POST', '/projects', { key: 'shop', name: 'Shop' });
  await call('POST', '/projects/shop/flags', { key: 'a', type: 'boolean' });
  expect((await call('DELETE', '/projects/shop?confirm=shop', undefined, { 'if-match': '"7"' })).status).toBe(412);
  expect((await call('DELETE', '/projects/shop?confirm=shop')).status).toBe(204);
  expect((await call('GET', '/projects/shop')).status).toBe(404);
  expect([...app.bunting.rulesets.all()].map(({ project }) => project)).toEqual(['default']);
  expect((await call('POST', '/projects', { key: 'shop', name: 'Shop' })).body.flagCount).toBe(0);
});

test('where a comment is required, what changes what is served says why', async () => {
  const { call } = await startApp();
  const flag = '/projects/default/flags/a/environments';
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const made = await call('POST', ENVIRONMENTS, { key: 'strict', name: 'Strict', requireComment: true });
  expect(made.status).toBe(201);
  expect((await call('PATCH', `${flag}/strict`, { enabled: true })).body.code).toBe('comment_required');
  await call('PATCH', `${ENVIRONMENTS}/production`, { requireComment: true });
  const silent = await call('PATCH', `${flag}/production`, { enabled: true });
  expect([silent.status, silent.body.code]).toEqual([400, 'comment_required']);
  expect((await call('PATCH', `${flag}/production`, { enabled: false })).status).toBe(200);
  expect((await call('PATCH', `${flag}/development`, { enabled: true })).status).toBe(200);
  const why = { 'bunting-comment': encodeURIComponent('Für alle') };
  expect((await call('PATCH', `${flag}/production`, { enabled: true }, why)).status).toBe(200);
  expect((await call('GET', '/audit?limit=1')).body.items[0]).toMatchObject({ comment: 'Für alle' });
});
