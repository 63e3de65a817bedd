import type { Revision } from '@bunting/core';
import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

/** A page has come from a server that knows more. */

const PRODUCTION = '/projects/default/flags/a/environments/production';
const KEYS = '/projects/default/environments/production/keys';

async function start() {
  const { app, call } = await startApp();
  const url = await listen(app);
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean', clientVisible: true });
  const change = async (enabled: boolean): Promise<Revision> =>
    (await call('PATCH', PRODUCTION, { enabled })).body.revision;
  const revision = await change(true);
  const { secret } = (await call('POST', KEYS, { kind: 'client', name: 'page' })).body;
  const open = (have: Revision) => connect(url, hello(secret, { context: { targetingKey: 'ann' }, have }));
  const openAhead = async (by: number) => {
    const page = await open({ ...revision, number: revision.number + by });
    await page.next('heartbeat');
    return page;
  };
  return { call, change, revision, open, openAhead };
}

test('it is told nothing earlier, and what is there as soon as that is as late', async () => {
  const { change, openAhead } = await start();
  const page = await openAhead(2);
  await change(false);
  await change(true);
  const values = await page.next('values');
  expect(values).toMatchObject({ seq: 1, whole: true, values: { a: { value: true } } });
  expect(page.messages.map(({ type }) => type)).toEqual(['heartbeat', 'values']);
});

test('a kill is told soon, with what is there', async () => {
  const { call, openAhead } = await start();
  const page = await openAhead(1_000);
  const startedMs = performance.now();
  await call('POST', `${PRODUCTION}/kill`, { reason: 'a test' });
  expect(await page.next('values')).toMatchObject({ whole: true, values: { a: { value: false } } });
  // Long before the origin would have confirmed it.
  expect(performance.now() - startedMs).toBeLessThan(4_000);
});

test('what the origin still confirms after a while is what there is, as after a backup was restored', async () => {
  const { openAhead } = await start();
  const page = await openAhead(1_000);
  expect(await page.next('values')).toMatchObject({ whole: true, values: { a: { value: true } } });
});

test('nobody waits for what was another incarnation, or is there', async () => {
  const { revision, open } = await start();
  for (const have of [revision, { ...revision, incarnation: 'another', number: 1_000 }]) {
    const page = await open(have);
    await page.next('values');
    expect(page.messages[0]?.type).toBe('values');
  }
});
