import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';

test('a new boolean flag is off everywhere, turns off to off, and its default rule serves on', async () => {
  const { call } = await startApp();
  const { status, body } = await call('POST', FLAGS, { key: 'new-checkout', type: 'boolean' });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    key: 'new-checkout',
    type: 'boolean',
    name: 'new-checkout',
    kind: 'release',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    version: 1,
    archivedAt: null,
  });
  expect(Object.keys(body.environments)).toEqual(['development', 'production']);
  expect(body.environments.production).toMatchObject({
    enabled: false,
    offVariant: 'off',
    rules: [],
    defaultRule: { variant: 'on' },
    version: 1,
  });
});

test('a new flag of another type turns off to its last variant', async () => {
  const { call } = await startApp();
  const variants = [
    { name: 'short', value: 'Buy' },
    { name: 'long', value: 'Buy it now' },
  ];
  const { body } = await call('POST', FLAGS, { key: 'button', type: 'string', variants });
  expect(body.environments.production).toMatchObject({ offVariant: 'long', defaultRule: { variant: 'short' } });
});

test('toggling answers the next revision, and toggling to the same state answers the current one', async () => {
  const { call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const on = await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true });
  expect(on.body.flag.environments.production.enabled).toBe(true);
  expect(on.body.flag.environments.development.enabled).toBe(false);
  const again = await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true });
  expect(again.body.revision).toEqual(on.body.revision);
  expect(again.body.committedAt).toBe(on.body.committedAt);
  const off = await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: false });
  expect(off.body.revision.number).toBe(on.body.revision.number + 1);
});

test('the same content has the same hash again, under a later number', async () => {
  const { call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const path = `${FLAGS}/a/environments/production`;
  const first = await call('PATCH', path, { enabled: true });
  await call('PATCH', path, { enabled: false });
  const second = await call('PATCH', path, { enabled: true });
  expect(second.body.revision.hash).toBe(first.body.revision.hash);
  expect(second.body.revision.number).toBe(first.body.revision.number + 2);
});
