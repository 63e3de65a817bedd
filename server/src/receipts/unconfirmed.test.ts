import { expect, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';

const FLAG = '/projects/default/flags/orders';
const PRODUCTION = `${FLAG}/environments/production`;
const STAGE = { defaultRule: { variant: 'dualWrite' } };

test('after a start nobody knows who was connected before: a stage waits until they are back, or write no more', async () => {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const dataDir = newFolder();
  const now = () => clock.nowMs;
  const first = await startApp({ dataDir, now });
  await first.call('POST', '/projects/default/flags', { key: 'orders', type: 'string', kind: 'migration' });
  expect(await first.call('PATCH', PRODUCTION, { enabled: true, ...STAGE })).toMatchObject({ status: 200 });
  await first.app.close();
  const { call } = await startApp({ dataDir, now });
  clock.nowMs += 20_000;
  const on = { defaultRule: { variant: 'shadow' }, offVariant: 'dualWrite', safeVariant: 'dualWrite' };
  await call('PATCH', PRODUCTION, { offVariant: 'dualWrite', safeVariant: 'dualWrite' });
  expect((await call('PATCH', PRODUCTION, on)).body).toMatchObject({
    code: 'stage_not_confirmed',
    message: expect.stringContaining('may come back for 40 s more'),
  });
  clock.nowMs += 40_000;
  expect(await call('PATCH', PRODUCTION, on)).toMatchObject({ status: 200 });
});

test('a flag that is new waits for nobody: nothing else was ever served of it', async () => {
  const clock = { nowMs: Date.parse('2026-05-04T00:00:00Z') };
  const dataDir = newFolder();
  const now = () => clock.nowMs;
  await (await startApp({ dataDir, now })).app.close();
  const { call } = await startApp({ dataDir, now });
  await call('POST', '/projects/default/flags', { key: 'orders', type: 'string', kind: 'migration' });
  expect(await call('PATCH', PRODUCTION, { enabled: true, ...STAGE })).toMatchObject({ status: 200 });
  const on = { defaultRule: { variant: 'shadow' }, offVariant: 'dualWrite', safeVariant: 'dualWrite' };
  await call('PATCH', PRODUCTION, { offVariant: 'dualWrite', safeVariant: 'dualWrite' });
  expect((await call('PATCH', PRODUCTION, on)).body).toMatchObject({ code: 'stage_not_confirmed' });
});
