import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAG = '/projects/default/flags/a';

async function start() {
  const server = await startApp();
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  return server;
}

test('who comes too late is told what was changed since, by whom, when and why', async () => {
  const { call } = await start();
  const path = `${FLAG}/environments/production`;
  await call('PATCH', path, { enabled: true }, { 'bunting-comment': 'launch' });
  await call('PATCH', `${FLAG}/environments/development`, { enabled: true });
  await call('PATCH', path, { safeVariant: 'on', targets: [{ values: ['u1'], variant: 'on' }] });
  const { status, body } = await call('PATCH', path, { enabled: false }, { 'if-match': '"1"' });
  expect([status, body.code]).toEqual([412, 'version_mismatch']);
  const actor = { kind: 'key', name: 'Bootstrap admin key' };
  const action = 'flag.environment.updated';
  expect(body.details).toEqual({
    version: 3,
    updatedAt: body.details.changes[0].at,
    changes: [
      { at: expect.any(String), actor, action, fields: ['safeVariant', 'targets'] },
      { at: expect.any(String), actor, action, comment: 'launch', fields: ['enabled'] },
    ],
  });
  expect(body.message).toContain('changed by Bootstrap admin key');
  const late = await call('PATCH', path, { enabled: false }, { 'if-match': '"2"' });
  expect(late.body.details.changes).toHaveLength(1);
});

test.each([
  ['flag', FLAG, { name: 'A' }],
  ['flag in an environment', `${FLAG}/environments/production`, { enabled: true }],
  ['segment', '/projects/default/environments/production/segments/s', { name: 'S' }],
  ['environment', '/projects/default/environments/production', { name: 'Live' }],
  ['project', '/projects/default', { name: 'P' }],
])('the ETag of a %s is taken once as If-Match, and answers 304 while nothing changed', async (_, path, change) => {
  const { call } = await start();
  const isSegment = path.includes('segments');
  if (isSegment) await call('PUT', path, {});
  const { headers } = await call('GET', path);
  const tag = String(headers.etag);
  expect((await call('GET', path, undefined, { 'if-none-match': tag })).status).toBe(304);
  const method = isSegment ? 'PUT' : 'PATCH';
  expect((await call(method, path, change, { 'if-match': tag })).status).toBe(200);
  const late = await call(method, path, change, { 'if-match': tag });
  expect([late.status, late.body.details.changes]).toEqual([
    412,
    [expect.objectContaining({ fields: expect.any(Array) })],
  ]);
  expect((await call('GET', path, undefined, { 'if-none-match': tag })).status).toBe(200);
});

test('archiving, too, can be bound to the version that was seen', async () => {
  const { call } = await start();
  await call('PATCH', FLAG, { name: 'A' });
  expect((await call('POST', `${FLAG}/archive`, undefined, { 'if-match': '"1"' })).status).toBe(412);
  expect((await call('POST', `${FLAG}/archive`, undefined, { 'if-match': '"2"' })).status).toBe(200);
});
