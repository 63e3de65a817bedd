import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';

/** A database on which a newer version of Bunting ran a migration that this one does not know. */
async function upgraded(runsFrom: number | null): Promise<string> {
  const dataDir = newFolder();
  const { app } = await startApp({ dataDir });
  const { database } = app.bunting;
  await sql`insert into migrations (name, timestamp, runs_from) values ('9999-from-the-future', '', ${runsFrom})`.execute(
    database,
  );
  await sql`alter table flags add column from_the_future text`.execute(database);
  await app.close();
  return dataDir;
}

test('a version goes on, and may start again, on the schema of a newer one that left it room', async () => {
  const dataDir = await upgraded(3);
  const { call } = await startApp({ dataDir });
  expect((await call('POST', FLAGS, { key: 'a', type: 'boolean' })).status).toBe(201);
  expect((await call('PATCH', `${FLAGS}/a`, { name: 'A' })).status).toBe(200);
});

test.each([9999, null])('a schema that needs level %s is refused, with the way out', async (runsFrom) => {
  const dataDir = await upgraded(runsFrom);
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(startApp({ dataDir })).rejects.toThrow(
      /newer version of Bunting.*9999-from-the-future.*Start the newer/s,
    );
  }
});

test('texts are ordered by their bytes, as JavaScript orders them, whatever the database prefers', async () => {
  const { call } = await startApp();
  const keys = ['a-b', 'a.b', 'aa', 'ab', 'a_b', 'b', 'a1', 'a-a'];
  for (const key of keys) await call('POST', FLAGS, { key, type: 'boolean' });
  const { body } = await call('GET', `${FLAGS}?limit=3`);
  const { body: rest } = await call('GET', `${FLAGS}?limit=200&cursor=${body.nextCursor}`);
  expect([...body.items, ...rest.items].map(({ key }) => key)).toEqual(keys.sort());
});
