import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { newFolder, startApp } from '../testing/start-app.ts';
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

test('a database from before the second migration keeps its flags, and serves what it served', async () => {
  const dataDir = newFolder();
  const old = await startApp({ dataDir });
  const { body: made } = await old.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const { body: before } = await old.call('GET', '/projects/default');
  await old.app.close();
  const handle = new Sqlite(join(dataDir, 'bunting.db'));
  handle.exec(`
    drop index flag_environments_with_prerequisites;
    alter table flag_environments drop column prerequisites;
    alter table flag_environments drop column targets;
    alter table flags drop column schema;
    drop table kills;
    drop table counters;
    drop table servers;
    drop table secrets;
    drop table setup_tokens;
    alter table changes drop column stored_at;
    alter table migrations drop column runs_from;
    drop table segments;
    delete from migrations where name > '0002';
  `);
  handle.close();
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
