import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Postgres, startPostgresFor } from './postgres.ts';

const started = await startPostgresFor('the tests of tools/postgres.ts');
afterAll(() => started?.stop());
beforeEach(({ skip }) => skip(started === undefined));
const postgres = started as Postgres;

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}

test('databases are made empty or as copies', async () => {
  const url = await postgres.createDatabase();
  const client = await connect(url);
  await client.query('create table a (b integer)');
  await client.end();
  const copy = await connect(await postgres.createDatabase(new URL(url).pathname.slice(1)));
  expect((await copy.query('select * from a')).rows).toEqual([]);
});

test('what was committed survives a crash', async () => {
  const url = await postgres.createDatabase();
  const client = await connect(url);
  await client.query('create table a as select 1 as b');
  await postgres.kill();
  await expect(client.query('select 1')).rejects.toThrow();
  await expect(connect(url)).rejects.toThrow();
  await postgres.restart();
  expect((await (await connect(url)).query('select b from a')).rows).toEqual([{ b: 1 }]);
});

test('a pause answers nothing and loses nothing', async () => {
  const client = await connect(postgres.url);
  postgres.pause();
  const query = client.query('select 1 as one');
  const first = await Promise.race([query, new Promise((resolve) => setTimeout(resolve, 200, 'nothing'))]);
  expect(first).toBe('nothing');
  postgres.resume();
  expect((await query).rows).toEqual([{ one: 1 }]);
});

test('a restart ends connections as an administrator does', async () => {
  const client = await connect(postgres.url);
  const ended = new Promise<Error & { code?: string }>((resolve) => client.on('error', resolve));
  await postgres.restart();
  expect((await ended).code).toBe('57P01');
});

test('it listens on a Unix socket too, and its folder is gone when it is stopped', async () => {
  const { socketFolder, port, url } = postgres;
  const { password } = new URL(url);
  const client = new Client({ host: socketFolder, port, user: 'postgres', password, database: 'postgres' });
  await client.connect();
  await client.end();
  await postgres.stop();
  expect(existsSync(socketFolder)).toBe(false);
});
