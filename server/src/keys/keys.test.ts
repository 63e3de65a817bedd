import { expect, test } from 'vitest';
import { hashSecret } from '../access/secrets.ts';
import { newFolder, startApp } from '../testing/start-app.ts';

const KEYS = '/projects/default/environments/production/keys';

test('a key is shown once, stored as a hash, listed without its secret, and revoked for good', async () => {
  const dataDir = newFolder();
  const { app, call } = await startApp({ dataDir });
  const { status, body } = await call('POST', KEYS, { kind: 'server', name: 'CI' });
  expect(status).toBe(201);
  const { secret, ...shown } = body;
  expect(secret).toMatch(/^bnt_srv_[\w-]{43}$/);
  expect(shown).toMatchObject({ kind: 'server', name: 'CI', prefix: secret.slice(0, 12), revokedAt: null });
  const list = async () => (await call('GET', KEYS)).body.items;
  expect((await list()).at(-1)).toEqual(shown);
  const rows = JSON.stringify(await app.bunting.database.selectFrom('keys').selectAll().execute());
  expect(rows).toContain(hashSecret(secret));
  expect(rows).not.toContain(secret);
  expect(app.bunting.keyRing.find(secret)).toMatchObject({ id: body.id });

  expect((await call('DELETE', `${KEYS}/${body.id}`)).status).toBe(204);
  expect((await call('DELETE', `${KEYS}/${body.id}`)).status).toBe(204);
  expect((await list()).at(-1).revokedAt).toEqual(expect.any(String));
  expect(app.bunting.keyRing.find(secret)).toBeUndefined();
  await app.close();
  const again = await startApp({ dataDir });
  expect(again.app.bunting.keyRing.find(secret)).toBeUndefined();
});

test('keys of one environment are not those of another', async () => {
  const { call } = await startApp();
  const { body } = await call('POST', KEYS, { kind: 'client', name: 'Page' });
  expect(body.secret).toMatch(/^bnt_cli_/);
  const other = '/projects/default/environments/development/keys';
  expect((await call('DELETE', `${other}/${body.id}`)).status).toBe(404);
  const ids = async (path: string) => (await call('GET', path)).body.items.map(({ id }: { id: string }) => id);
  expect(await ids(other)).not.toContain(body.id);
  const { body: first } = await call('GET', `${KEYS}?limit=2`);
  expect([
    ...first.items.map(({ id }: { id: string }) => id),
    ...(await ids(`${KEYS}?cursor=${first.nextCursor}`)),
  ]).toEqual(await ids(KEYS));
});

test('a database that lost its last commits is read as it is', async () => {
  const { app, call } = await startApp();
  const { keys, keyRing, database } = app.bunting;
  const { body } = await call('POST', KEYS, { kind: 'server', name: 'CI' });
  await database.deleteFrom('keys').where('id', '=', body.id).execute();
  await database.updateTable('counters').set({ number: 0 }).where('name', '=', 'keys').execute();
  await keys.catchUp();
  expect([keys.knownCount, keyRing.find(body.secret)]).toEqual([0, undefined]);
});
