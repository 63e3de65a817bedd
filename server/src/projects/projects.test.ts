import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

test('a project is made with development and production, can be renamed, and counts its flags', async () => {
  const { call } = await startApp();
  const { status, body } = await call('POST', '/projects', { key: 'shop', name: 'Shop' });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    key: 'shop',
    flagCount: 0,
    environments: [
      { key: 'development', production: false, position: 0, revision: { number: 1 } },
      { key: 'production', production: true, position: 1, revision: { number: 1 } },
    ],
  });
  for (const key of ['a', 'b']) await call('POST', '/projects/shop/flags', { key, type: 'boolean' });
  await call('POST', '/projects/shop/flags/b/archive');
  const renamed = await call('PATCH', '/projects/shop', { name: 'The shop' });
  expect(renamed.body).toMatchObject({ name: 'The shop', flagCount: 1 });
  expect((await call('GET', '/projects/default')).body.flagCount).toBe(0);
});

test('projects are listed by key, in pages, and searched by key and name', async () => {
  const { call } = await startApp();
  for (const key of ['b', 'c', 'a']) await call('POST', '/projects', { key, name: `Project ${key.toUpperCase()}` });
  const keys = async (query: string) =>
    (await call('GET', `/projects?${query}`)).body.items.map(({ key }: { key: string }) => key);
  expect(await keys('')).toEqual(['a', 'b', 'c', 'default']);
  expect(await keys('search=project%20b')).toEqual(['b']);
  expect(await keys('search=FAULT')).toEqual(['default']);
  const { body } = await call('GET', '/projects?limit=3');
  expect(await keys(`cursor=${body.nextCursor}`)).toEqual(['default']);
  await call('POST', '/projects', { key: 'd', name: 'ÄRZTE' });
  expect(await keys(`search=${encodeURIComponent('ärzt')}`)).toEqual(['d']);
  await call('PATCH', '/projects/d', { name: 'ПРАКСА' });
  expect(await keys(`search=${encodeURIComponent('Пракса')}`)).toEqual(['d']);
  expect(await keys(`search=${encodeURIComponent('ärzt')}`)).toEqual([]);
});
