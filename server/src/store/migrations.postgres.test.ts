import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { newDatabase } from '../testing/test-database.ts';
import { checkMigrations } from './migrate-command.ts';
import { LOCK_ID, migrate } from './migrations.ts';
import { openMigrated, openStore } from './open-store.ts';

async function emptyStore() {
  const config = { ...readConfig(), databaseUrl: await newDatabase({ migrated: false }) };
  const store = openStore(config);
  onTestFinished(() => store.database.destroy());
  return { config, store };
}

test('servers that migrate at once: one does, the others wait', async () => {
  const { config } = await emptyStore();
  const stores = await Promise.all(Array.from({ length: 5 }, () => openMigrated(config)));
  await Promise.all(stores.map(({ database }) => database.destroy()));
  const lines: string[] = [];
  expect(await checkMigrations(config, (line) => lines.push(line))).toBe(0);
  expect(lines).toEqual(['nothing is pending: the database is up to date']);
});

test('looking for what is pending writes nothing', async () => {
  const { config, store } = await emptyStore();
  const lines: string[] = [];
  expect(await checkMigrations(config, (line) => lines.push(line))).toBe(1);
  expect(lines).toContain('pending 0003-several-servers');
  const { rows } = await sql`select 1 from information_schema.tables where table_schema = 'public'`.execute(
    store.database,
  );
  expect(rows).toEqual([]);
});

test('a migration that cannot have its lock gives up in time, and says what to do; nobody waits when nothing is pending', async () => {
  const { config, store } = await emptyStore();
  const other = openStore(config);
  onTestFinished(() => other.database.destroy());
  let free = () => {};
  const isFree = new Promise<void>((resolve) => {
    free = resolve;
  });
  let held = () => {};
  const isHeld = new Promise<void>((resolve) => {
    held = resolve;
  });
  const holding = other.database.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK_ID)}::bigint)`.execute(tx);
    held();
    await isFree;
  });
  await isHeld;
  await expect(migrate(store, 0)).rejects.toThrow(/cannot be migrated.*in use.*pg_stat_activity/s);
  free();
  await holding;
  expect(await migrate(store, 0)).toContain('0001-foundation');
  expect(await migrate(store, 0)).toEqual([]);
});

test('a migration that deadlocks with what running servers do is done again', async () => {
  const { config, store } = await emptyStore();
  await migrate(store);
  const { database } = store;
  await sql`alter table keys drop column expires_at, drop column last_used_at, drop column origins, drop column replaces`.execute(
    database,
  );
  await sql`delete from migrations where name = '0016-key-lives'`.execute(database);
  const other = openStore(config);
  onTestFinished(() => other.database.destroy());
  let migrating: Promise<string[]> | undefined;
  await other.database.transaction().execute(async (tx) => {
    // So that the migration is who gives in.
    await sql`set local deadlock_timeout = '20s'`.execute(tx);
    await sql`lock table keys in row exclusive mode`.execute(tx);
    migrating = migrate(store);
    const waiting = async () => {
      const { rows } = await sql`select 1 from pg_locks where not granted and mode = 'AccessExclusiveLock'`.execute(
        database,
      );
      return rows.length;
    };
    await expect.poll(waiting).toBe(1);
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK_ID)}::bigint)`.execute(tx);
  });
  expect(await migrating).toEqual(['0016-key-lives']);
});

test('a migration that fails leaves nothing behind', async () => {
  const { store } = await emptyStore();
  // In the way of the third migration.
  await sql`create table setup_tokens (a text)`.execute(store.database);
  await expect(migrate(store)).rejects.toThrow(/setup_tokens/);
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public'
  `.execute(store.database);
  expect(rows).toEqual([{ name: 'setup_tokens' }]);
});

test('a database that cannot be reached is named without its password', async () => {
  const config = { ...readConfig(), databaseUrl: 'postgres://us:hunter2@127.0.0.1:1/bunting' };
  const opening = openMigrated(config);
  await expect(opening).rejects.toThrow(
    /Cannot use PostgreSQL at 127\.0\.0\.1:1\/bunting: .*ECONNREFUSED.*Check DATABASE_URL/s,
  );
  await expect(opening).rejects.not.toThrow('hunter2');
});
