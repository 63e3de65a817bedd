import { expect, test } from 'vitest';
import { apiRoutes, toRequest } from '../testing/api-routes.ts';
import { startProgram } from '../testing/programs.ts';
import { startApp } from '../testing/start-app.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('no route of the API takes what has ended, what opens the stream only, or what never was', async () => {
  let nowMs = Date.now();
  const server = await startApp({ now: () => nowMs });
  const { call } = server;
  const owner = await startProgram(server, 'owner');
  const tokens = `/service-accounts/${owner.id}/tokens`;
  const keys = '/projects/default/environments/production/keys';
  const [expired, revoked] = [
    (await call('POST', tokens, { name: 'a day', expiresInDays: 1 })).body,
    (await call('POST', tokens, { name: 'revoked', expiresInDays: null })).body,
  ];
  const keyOf = async (kind: string, more = {}) => (await call('POST', keys, { kind, name: kind, ...more })).body;
  const soon = new Date(nowMs + DAY_MS).toISOString();
  const [serverKey, clientKey, relayKey, expiredKey, revokedKey] = [
    await keyOf('server'),
    await keyOf('client'),
    await keyOf('relay'),
    await keyOf('server', { expiresAt: soon }),
    await keyOf('server'),
  ];
  await call('DELETE', `${tokens}/${revoked.id}`);
  await call('DELETE', `${keys}/${revokedKey.id}`);
  const disabled = await startProgram(server, 'owner');
  await call('PATCH', `/service-accounts/${disabled.id}`, { disabled: true });
  nowMs += DAY_MS;

  const bad: [what: string, secret: string, status: number][] = [
    ['an expired token', expired.secret, 401],
    ['a revoked token', revoked.secret, 401],
    ['a token of a disabled account', disabled.secret, 401],
    ['an expired key', expiredKey.secret, 401],
    ['a revoked key', revokedKey.secret, 401],
    ['a server key', serverKey.secret, 403],
    ['a client key', clientKey.secret, 403],
    ['a relay key', relayKey.secret, 403],
    ['a token that never was', `bnt_svc_${'x'.repeat(43)}`, 401],
    ['a session as a bearer', 'x'.repeat(43), 401],
  ];
  for (const route of await apiRoutes(server.app)) {
    if (route.access === 'public') continue;
    for (const [what, secret, status] of bad) {
      const headers = { authorization: `Bearer ${secret}` };
      const response = await server.app.inject({ ...toRequest(route), headers });
      expect([route.name, what, response.statusCode]).toEqual([route.name, what, status]);
    }
  }
  // And all of it was asked of a server that does answer.
  expect((await call('GET', '/projects', undefined, owner.headers)).status).toBe(200);
});

test("another project's ids are as ids that never were", async () => {
  const server = await startApp();
  const { call } = server;
  await call('POST', '/projects', { key: 'shop', name: 'Shop' });
  await call('POST', '/projects/shop/flags', { key: 'secret-plan', type: 'boolean' });
  const { body: key } = await call('POST', '/projects/shop/environments/production/keys', {
    kind: 'server',
    name: 'x',
  });
  const { headers } = await startProgram(server, 'admin', { project: 'default' });
  const ofTheOther: [method: 'GET' | 'PATCH' | 'POST' | 'DELETE', path: string, known: string, body?: object][] = [
    ['PATCH', '/environments/production/keys/ID', key.id, { name: 'mine' }],
    ['POST', '/environments/production/keys/ID/rotate', key.id, { oldUntil: null }],
    ['DELETE', '/environments/production/keys/ID', key.id],
    ['GET', '/flags/ID', 'secret-plan'],
    ['PATCH', '/flags/ID', 'secret-plan', { name: 'mine' }],
    ['POST', '/flags/ID/environments/production/kill', 'secret-plan', { reason: 'x' }],
  ];
  for (const [method, path, known, body] of ofTheOther) {
    // Through the project that they may use, and through the one they may not.
    for (const project of ['default', 'shop', 'no-such-project']) {
      const ask = async (id: string) => {
        const answer = await call(method, `/projects/${project}${path.replace('ID', id)}`, body, headers);
        return { status: answer.status, code: answer.body.code, message: answer.body.message.replaceAll(id, 'ID') };
      };
      const [there, nowhere] = [await ask(known), await ask('never-was')];
      expect([method, path, project, there]).toEqual([method, path, project, nowhere]);
      expect(there.status).toBe(404);
    }
  }
  expect(server.app.bunting.keyRing.find(key.secret)).toMatchObject({ name: 'x' });
});
