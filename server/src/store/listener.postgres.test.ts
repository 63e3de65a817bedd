import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { startGate } from '../testing/gate.ts';
import { newDatabase } from '../testing/test-database.ts';
import { Listener, type ListenerOptions } from './listener.ts';
import { type Note, notify } from './note.ts';
import { openPostgres } from './open-postgres.ts';

const TIMEOUTS = { connectMs: 1_000, statementMs: 1_000, lockMs: 1_000, idleTransactionMs: 1_000 };

interface StartOptions {
  readonly url?: string;
  readonly listenUrl?: string;
  readonly timing?: ListenerOptions['timing'];
}

async function start({ url: given, listenUrl, timing }: StartOptions = {}) {
  const url = given ?? (await newDatabase());
  const { database } = openPostgres({ url, poolSize: 2, ...TIMEOUTS }, () => {});
  const notes: Note[] = [];
  const silences: string[] = [];
  let beginnings = 0;
  const listener = new Listener({
    url: listenUrl ?? url,
    connectMs: 1_000,
    send: (note) => notify(database, note),
    onNote: (note) => notes.push(note),
    onListening: () => beginnings++,
    onSilence: ({ message }) => silences.push(message),
    ...(timing && { timing }),
  });
  onTestFinished(async () => {
    await listener.close();
    await database.destroy();
  });
  return { listener, database, notes, silences, beginnings: () => beginnings };
}

test('hears what was committed, in order, and nothing that was rolled back; its own probes and nonsense are no news', async () => {
  const { listener, database, notes } = await start();
  await expect.poll(() => listener.isListening).toBe(true);
  await database.transaction().execute(async (tx) => {
    await notify(tx, { environment: 'a', number: 1 });
    await notify(tx, { counter: 'keys' });
  });
  const undone = database.transaction().execute(async (tx) => {
    await notify(tx, { environment: 'never' });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  for (const payload of ['', 'nonsense', '{"environment":1}', '[]', 'null']) {
    await sql`select pg_notify('bunting', ${payload})`.execute(database);
  }
  await notify(database, { environment: 'b', number: 2 });
  await expect.poll(() => notes.at(-1)?.environment).toBe('b');
  expect(notes.filter(({ environment, counter }) => environment ?? counter)).toEqual([
    { environment: 'a', number: 1 },
    { counter: 'keys' },
    { environment: 'b', number: 2 },
  ]);
});

test('comes back after its connection was lost, and says that something may have been missed', async () => {
  const { listener, database, silences, beginnings } = await start();
  await expect.poll(() => listener.isListening).toBe(true);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen%'`.execute(database);
  await expect.poll(beginnings, { timeout: 5_000 }).toBe(2);
  expect(silences).toHaveLength(1);
  expect(listener.isListening).toBe(true);
});

test('comes back within seconds when its connection fell silent, and nobody told it', async () => {
  const url = await newDatabase();
  const gate = await startGate(url);
  const listenUrl = new URL(url);
  listenUrl.host = `127.0.0.1:${gate.port}`;
  const timing = { patienceMs: 1_000, probeEveryMs: 50 };
  const { listener, silences, beginnings } = await start({ url, listenUrl: listenUrl.href, timing });
  await expect.poll(() => listener.isListening).toBe(true);
  gate.freeze();
  await expect.poll(beginnings).toBe(2);
  expect(silences).toEqual(['a notification was sent, and did not come']);
});

test('a listener to which nothing comes does not count as listening, and closes at once', async () => {
  // Notifications belong to a database: what is sent in one is not heard in another.
  const { listener, silences } = await start({ listenUrl: await newDatabase() });
  await expect.poll(() => silences, { timeout: 8_000 }).toEqual([expect.stringContaining('does the URL lead through')]);
  expect(listener.isListening).toBe(false);
  const startMs = performance.now();
  await listener.close();
  expect(performance.now() - startMs).toBeLessThan(1_000);
});
