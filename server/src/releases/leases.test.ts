import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { engine } from '../testing/test-database.ts';
import { findSeen, findUnwatched, ReleaseLeases } from './leases.ts';

/** Two servers, and a release that neither holds yet. */
async function start() {
  const { app, call } = await startApp();
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
  const input = { title: 'New', environment: 'production', strategy: 'flag_only', flags };
  const { id } = (await call('POST', '/projects/default/releases', input)).body;
  const { database } = app.bunting;
  const [a, b] = ['a', 'b'].map((holder) => new ReleaseLeases({ engine, database }, holder));
  if (a === undefined || b === undefined) throw new Error('there are two');
  /** As if so much time had passed for the database. */
  const expire = () => database.updateTable('release_leases').set({ until: 0 }).execute();
  /** As if whoever holds it had done so for the last time so much earlier. */
  const age = (ms: number) =>
    database
      .updateTable('release_leases')
      .set((set) => ({ until: set('until', '-', ms) }))
      .execute();
  return { a, b, id: id as string, database, expire, age };
}

test('one server holds a release at a time, until its lease is over', async () => {
  const { a, b, id, database, expire } = await start();
  await a.claim([id]);
  await b.claim([id]);
  const first = a.fenceOf(id) ?? 0;
  expect([first > 0, b.fenceOf(id)]).toEqual([true, undefined]);
  await a.claim([id]);
  expect(a.fenceOf(id)).toBe(first);
  await expire();
  await b.claim([id]);
  expect(b.fenceOf(id)).toBeGreaterThan(first);
  await expect(a.requireHeld(database, id, first)).rejects.toThrow('Another server looks after');
  await b.requireHeld(database, id, b.fenceOf(id) ?? 0);
  // It finds out when it next asks.
  await a.claim([id]);
  expect(a.fenceOf(id)).toBeUndefined();
});

test('a way back takes the release from whoever holds it, with a higher fence', async () => {
  const { a, b, id } = await start();
  await a.claim([id]);
  await b.claim([id], true);
  expect(b.fenceOf(id)).toBeGreaterThan(a.fenceOf(id) ?? 0);
});

test('whoever stops lets go at once, and a lease that is nearly over is not used', async () => {
  const { a, b, id } = await start();
  await a.claim([id]);
  expect([a.fenceOf(id, 1_000) !== undefined, a.fenceOf(id, 60_000)]).toEqual([true, undefined]);
  await a.close();
  await b.claim([id]);
  expect([a.fenceOf(id), b.fenceOf(id) !== undefined]).toEqual([undefined, true]);
});

test('fences are above those of an earlier copy of the database', async () => {
  const { a, id } = await start();
  await a.claim([id]);
  expect(a.fenceOf(id)).toBeGreaterThanOrEqual(Math.floor(Date.now() / 1_000) - 60);
});

test('what the holder sees, the others know; what a former holder says counts no more', async () => {
  const { a, b, id, database, expire } = await start();
  await a.claim([id]);
  await a.tell(id, { trafficProblem: 'away' });
  expect(await findSeen(database, id)).toEqual({ trafficProblem: 'away' });
  await expire();
  await b.claim([id]);
  await a.tell(id, { trafficProblem: 'old' });
  expect(await findSeen(database, id)).toEqual({ trafficProblem: 'away' });
});

test('time in which nobody held a release is counted, whoever takes it up; a hand-over in time is none', async () => {
  const { a, b, id, database, age } = await start();
  expect(await findUnwatched(database, id)).toBeUndefined();
  await a.claim([id]);
  await b.claim([id], true);
  await b.close();
  await a.claim([id]);
  expect(await findUnwatched(database, id)).toBe(0);
  await age(20_000);
  await expect(a.requireHeld(database, id)).rejects.toThrow('Another server looks after');
  await a.claim([id]);
  await a.requireHeld(database, id);
  const [first = 0] = [await findUnwatched(database, id)];
  expect(Math.abs(first - 20_000)).toBeLessThan(4_000);
  await a.close();
  await age(60_000);
  await b.claim([id]);
  expect(Math.abs(((await findUnwatched(database, id)) ?? 0) - first - 60_000)).toBeLessThan(4_000);
});
