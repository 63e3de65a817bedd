import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { newFolder, startApp } from '../testing/start-app.ts';
import { findUsers } from '../users/repository.ts';
import { up as foundation } from './migrations/0001-foundation.ts';
import { openMigrated } from './open-store.ts';
import type { Database } from './tables.ts';

async function openDatabase(dataDir: string): Promise<Database> {
  return (await openMigrated({ ...readConfig(), dataDir })).database;
}

test.each(['first', 'second'])('is durable on its %s open', async (which) => {
  const folder = newFolder();
  if (which === 'second') await (await openDatabase(folder)).destroy();
  const database = await openDatabase(folder);
  onTestFinished(() => database.destroy());
  const pragma = async (name: string) => {
    const { rows } = await sql<Record<string, unknown>>`${sql.raw(`pragma ${name}`)}`.execute(database);
    return Object.values(rows[0] ?? {})[0];
  };
  expect(await pragma('journal_mode')).toBe('wal');
  expect(await pragma('synchronous')).toBe(2);
  expect(await pragma('foreign_keys')).toBe(1);
  expect(await pragma('busy_timeout')).toBe(1_000);
});

test('letters beyond ASCII are found in whatever case they are written', async () => {
  const database = await openDatabase(newFolder());
  onTestFinished(() => database.destroy());
  const user = { password_hash: '', created_at: 0, disabled_at: null, external_id: null, role: 'member' };
  for (const [id, name] of Object.entries({ a: 'Élodie', b: 'ИВАН', c: 'Ada' })) {
    await database
      .insertInto('users')
      .values({ ...user, id, name, email: `${id}@example.com` })
      .execute();
  }
  for (const [search, id] of [
    ['élodie', 'a'],
    ['ÉLO', 'a'],
    ['иван', 'b'],
    ['aD', 'c'],
  ] as const) {
    expect((await findUsers(database, { search, limit: 9 })).map((found) => found.id)).toEqual([id]);
  }
});

test('a folder belongs to one server at a time', async () => {
  const folder = newFolder();
  const database = await openDatabase(folder);
  await expect(openDatabase(folder)).rejects.toThrow(/Another bunting-server uses the data folder .* --data-dir/);
  await database.destroy();
  await (await openDatabase(folder)).destroy();
});

test('a database from a newer version is refused, and can be opened by that one still', async () => {
  const folder = newFolder();
  await (await openDatabase(folder)).destroy();
  const handle = new Sqlite(join(folder, 'bunting.db'));
  handle.exec("insert into migrations (name, timestamp) values ('9999-from-the-future', '')");
  handle.close();
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(openDatabase(folder)).rejects.toThrow(
      /newer version of Bunting.*9999-from-the-future.*Start the newer/s,
    );
  }
});

/** The database as the first version made it, with what that version knew of the rows that are there now. */
async function asTheFirstVersionMadeIt(dataDir: string): Promise<void> {
  const [file, present] = [join(dataDir, 'bunting.db'), join(dataDir, 'present.db')];
  renameSync(file, present);
  const handle = new Sqlite(file);
  await foundation(new Kysely({ dialect: new SqliteDialect({ database: handle }) }));
  handle.exec(`
    create table migrations (name text primary key, timestamp text not null);
    insert into migrations values ('0001-foundation', '2026-01-01T00:00:00.000Z');
    attach '${present}' as present;
  `);
  const tables = handle.prepare("select name from main.sqlite_master where type = 'table' and name <> 'migrations'");
  handle.pragma('foreign_keys = OFF');
  for (const name of tables.pluck().all() as string[]) {
    const columns = handle.prepare(`select name from pragma_table_info('${name}')`).pluck().all().join(', ');
    handle.exec(`insert into main.${name} (${columns}) select ${columns} from present.${name}`);
  }
  handle.close();
}

test('a database from before the second migration keeps its flags, and serves what it served', async () => {
  const dataDir = newFolder();
  const old = await startApp({ dataDir });
  const { body: made } = await old.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const { body: before } = await old.call('GET', '/projects/default');
  await old.app.close();
  await asTheFirstVersionMadeIt(dataDir);
  const { call } = await startApp({ dataDir });
  expect((await call('GET', '/projects/default/flags/a')).body).toEqual(made);
  expect((await call('GET', '/projects/default')).body).toEqual(before);
});

test('a file that is no database is refused with its place and a fix', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'bunting.db'), 'this is not a database, and it is long enough to be looked at as one');
  await expect(openDatabase(folder)).rejects.toThrow(/Cannot open the database in .*--data-dir \(BUNTING_DATA_DIR\)/);
});

test('a folder that cannot be made is refused with a fix', async () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  chmodSync(file, 0o600);
  await expect(openDatabase(join(file, 'data'))).rejects.toThrow(/Cannot open the database in .*--data-dir/);
});
