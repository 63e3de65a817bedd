import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { startApp } from '../testing/start-app.ts';
import { newDatabase } from '../testing/test-database.ts';
import { openPostgres } from './open-postgres.ts';
import { OutcomeUnknown } from './store-error.ts';
import { isStoreFailure } from './store-failure.ts';
import type { Database } from './tables.ts';

async function open(timeouts: { statementMs?: number; lockMs?: number; poolSize?: number; connectMs?: number } = {}) {
  const url = await newDatabase();
  const defaults = { poolSize: 1, connectMs: 1_000, statementMs: 1_000, lockMs: 1_000, idleTransactionMs: 1_000 };
  const store = openPostgres({ url, ...defaults, ...timeouts }, () => {});
  onTestFinished(() => store.database.destroy());
  return store;
}

const pidOf = async (db: Database) => {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return rows[0]?.pid;
};

test('timeouts are set for a transaction, and nothing of it stays with the connection', async () => {
  const { database } = await open({ statementMs: 1_234, lockMs: 567 });
  const settings = async (db: Database) => {
    const { rows } = await sql<Record<string, string>>`select current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle`.execute(
      db,
    );
    return rows[0];
  };
  const before = await pidOf(database);
  expect(await database.transaction().execute(settings)).toEqual({ statement: '1234ms', lock: '567ms', idle: '1s' });
  expect(await settings(database)).toEqual({ statement: '0', lock: '0', idle: '0' });
  expect(await pidOf(database)).toBe(before);
});

test('a statement that takes too long is ended by the database, and counts as its failure', async () => {
  const { database } = await open({ statementMs: 100 });
  const slow = database.transaction().execute((tx) => sql`select pg_sleep(5)`.execute(tx));
  await expect(slow).rejects.toSatisfy(isStoreFailure);
  expect(await pidOf(database)).toBeGreaterThan(0);
});

test('so does waiting for what another transaction holds, and for a connection', async () => {
  const { database } = await open({ lockMs: 100, poolSize: 2, connectMs: 300 });
  await database.transaction().execute(async (tx) => {
    await sql`lock table projects`.execute(tx);
    const blocked = database.transaction().execute((other) => other.selectFrom('projects').selectAll().execute());
    await expect(blocked).rejects.toSatisfy(isStoreFailure);
    await database.transaction().execute(async () => {
      const third = database.selectFrom('users').selectAll().execute();
      await expect(third).rejects.toSatisfy(isStoreFailure);
    });
  });
});

test('a connection that is lost in a transaction fails that transaction alone, with what happened to it', async () => {
  const { database } = await open({ poolSize: 2 });
  const lost = database.transaction().execute(async (tx) => {
    await sql`select pg_terminate_backend(${await pidOf(tx)})`.execute(database);
    await tx.selectFrom('users').selectAll().execute();
  });
  await expect(lost).rejects.toThrow(/terminat|connection error/);
  await expect(lost).rejects.toSatisfy(isStoreFailure);
  expect(await database.selectFrom('users').selectAll().execute()).toEqual([]);
});

test('a connection that is lost while committing is told as such: nobody knows what became of the change', async () => {
  const { app, call } = await startApp();
  const { changes, database, rulesets } = app.bunting;
  const commit = changes.commit(SYSTEM, async (draft) => {
    await sql`select pg_terminate_backend(${await pidOf(draft.tx)})`.execute(database);
  });
  await expect(commit).rejects.toThrow(OutcomeUnknown);
  app.get('/lost', { schema: { hide: true } }, () => commit);
  const answer = await app.inject('/lost');
  expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([
    503,
    'store_outcome_unknown',
    '5',
  ]);
  expect((await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' })).status).toBe(201);
  expect(rulesets.size).toBe(2);
});

test('numbers of PostgreSQL are numbers here, also counts and those beyond 32 bits', async () => {
  const { database } = await open();
  await database.updateTable('counters').set({ number: 1_900_000_000_000 }).execute();
  const { rows } = await sql`select number, (select count(*) from users) as count from counters limit 1`.execute(
    database,
  );
  expect(rows).toEqual([{ number: 1_900_000_000_000, count: 0 }]);
});

test('a text that PostgreSQL cannot store is refused, not an error of the server', async () => {
  const { call } = await startApp();
  const answer = await call('POST', '/projects', { key: 'p', name: 'a\u0000b' });
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('\\u0000')]);
});
