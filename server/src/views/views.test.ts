import { expect, test } from 'vitest';
import { startPerson } from '../testing/people.ts';
import { startApp } from '../testing/start-app.ts';

const VIEWS = '/projects/default/flag-views';
const STALE = { name: 'Stale in production', filter: { stale: true, environment: 'production', enabled: true } };

const namesOf = (answer: { body: { items: { name: string }[] } }) => answer.body.items.map(({ name }) => name);

test('a view of one’s own is seen by nobody else, one that is shared by all who read the project', async () => {
  const server = await startApp();
  const [ada, ben] = [await startPerson(server, 'editor'), await startPerson(server, 'viewer')];
  const own = await ada.browser.call('POST', VIEWS, { ...STALE, shared: false });
  expect([own.status, own.body]).toEqual([
    201,
    expect.objectContaining({ ...STALE, shared: false, owner: expect.objectContaining({ id: ada.id }) }),
  ]);
  expect(namesOf(await ben.browser.call('GET', VIEWS))).toEqual([]);
  const path = `${VIEWS}/${own.body.id}`;
  for (const [method, body] of [
    ['PATCH', { name: 'Mine' }],
    ['DELETE', undefined],
  ] as const) {
    expect((await ben.browser.call(method, path, body)).status).toBe(404);
  }
  expect((await ada.browser.call('PATCH', path, { shared: true })).body).toMatchObject({ ...STALE, shared: true });
  expect(namesOf(await ben.browser.call('GET', VIEWS))).toEqual([STALE.name]);
});

test('who may only read keeps views for themselves, and changes none that is shared', async () => {
  const server = await startApp();
  const [ada, ben] = [await startPerson(server, 'editor'), await startPerson(server, 'viewer')];
  const { id } = (await ada.browser.call('POST', VIEWS, { ...STALE, shared: true })).body;
  expect((await ben.browser.call('POST', VIEWS, { ...STALE, name: 'Ours', shared: true })).status).toBe(403);
  const mine = (await ben.browser.call('POST', VIEWS, { ...STALE, name: 'Mine', shared: false })).body;
  expect((await ben.browser.call('PATCH', `${VIEWS}/${mine.id}`, { shared: true })).status).toBe(403);
  expect((await ben.browser.call('PATCH', `${VIEWS}/${id}`, { name: 'Ours' })).status).toBe(403);
  expect((await ben.browser.call('DELETE', `${VIEWS}/${id}`)).status).toBe(403);
  expect((await ben.browser.call('DELETE', `${VIEWS}/${mine.id}`)).status).toBe(204);
  expect(namesOf(await ben.browser.call('GET', VIEWS))).toEqual([STALE.name]);
});

test('a shared view is changed and deleted by whoever may change flags, but taken back by who made it alone', async () => {
  const server = await startApp();
  const [ada, ben] = [await startPerson(server, 'editor'), await startPerson(server, 'editor')];
  const { id } = (await ada.browser.call('POST', VIEWS, { ...STALE, shared: true })).body;
  const path = `${VIEWS}/${id}`;
  const filter = { tag: 'growth', sort: '-updatedAt' };
  expect((await ben.browser.call('PATCH', path, { filter })).body).toMatchObject({ name: STALE.name, filter });
  expect((await ben.browser.call('PATCH', path, { shared: false })).status).toBe(403);
  expect((await ada.browser.call('PATCH', path, { shared: false })).status).toBe(200);
  expect((await ada.browser.call('PATCH', path, { shared: true })).status).toBe(200);
  expect((await ben.browser.call('DELETE', path)).status).toBe(204);
  const { items } = (await server.call('GET', '/audit?project=default&targetKind=flag-view')).body;
  expect(items.map(({ action }: { action: string }) => action)).toEqual([
    'flag-view.deleted',
    'flag-view.updated',
    'flag-view.updated',
    'flag-view.updated',
    'flag-view.created',
  ]);
});

test('a name that one sees already is refused, and so is a filter that the list does not know', async () => {
  const { call } = await startApp();
  await call('POST', VIEWS, { ...STALE, shared: true });
  expect((await call('POST', VIEWS, { ...STALE, shared: false })).status).toBe(409);
  const { id } = (await call('POST', VIEWS, { name: 'Other', filter: {}, shared: false })).body;
  expect((await call('PATCH', `${VIEWS}/${id}`, { name: STALE.name })).status).toBe(409);
  for (const filter of [{ colour: 'red' }, { sort: 'shoe-size' }, { limit: 5 }, { stale: 'maybe' }]) {
    expect((await call('POST', VIEWS, { name: 'New', filter, shared: false })).status).toBe(400);
  }
  expect((await call('PATCH', `${VIEWS}/${id}`, {})).status).toBe(400);
});
