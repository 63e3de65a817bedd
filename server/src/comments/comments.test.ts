import { expect, test } from 'vitest';
import { startPerson } from '../testing/people.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';

const FLAG = '/projects/default/flags/new-checkout';
const COMMENTS = `${FLAG}/comments`;

async function startWithFlag(): Promise<TestServer> {
  const server = await startApp();
  const { status } = await server.call('POST', '/projects/default/flags', { key: 'new-checkout', type: 'boolean' });
  expect(status).toBe(201);
  return server;
}

test('what people say about a flag is listed newest first, page by page, as they wrote it', async () => {
  const server = await startWithFlag();
  const ada = await startPerson(server, 'viewer');
  const hostile = '<script>alert(1)</script>\n\u202eright to left \u{1F600}';
  for (const body of ['first', 'second', hostile]) {
    expect((await ada.browser.call('POST', COMMENTS, { body })).status).toBe(201);
  }
  const first = (await ada.browser.call('GET', `${COMMENTS}?limit=2`)).body;
  expect(first.items.map(({ body }: { body: string }) => body)).toEqual([hostile, 'second']);
  expect(first.items[0]).toMatchObject({ author: { kind: 'user', id: ada.id }, editedAt: null });
  const second = (await ada.browser.call('GET', `${COMMENTS}?limit=2&cursor=${first.nextCursor}`)).body;
  expect([second.items.map(({ body }: { body: string }) => body), second.nextCursor]).toEqual([['first'], null]);
});

test('a comment is changed by who wrote it alone, and deleted by them or by who looks after the project', async () => {
  const server = await startWithFlag();
  const [ada, ben, eve] = [
    await startPerson(server, 'viewer'),
    await startPerson(server, 'releaser'),
    await startPerson(server, 'admin', { project: 'default' }),
  ];
  const { id } = (await ada.browser.call('POST', COMMENTS, { body: 'Ready?' })).body;
  const other = (await ada.browser.call('POST', COMMENTS, { body: 'the key is 1234' })).body.id;
  const mine = `${COMMENTS}/${id}`;
  expect((await ben.browser.call('PATCH', mine, { body: 'No.' })).status).toBe(403);
  expect((await eve.browser.call('PATCH', mine, { body: 'No.' })).status).toBe(403);
  expect((await ben.browser.call('DELETE', mine)).status).toBe(403);
  const edited = (await ada.browser.call('PATCH', mine, { body: 'Ready!' })).body;
  expect(edited).toMatchObject({ id, body: 'Ready!', editedAt: expect.any(String) });
  expect((await ada.browser.call('DELETE', mine)).status).toBe(204);
  expect((await eve.browser.call('DELETE', `${COMMENTS}/${other}`)).status).toBe(204);
  expect((await ada.browser.call('DELETE', mine)).status).toBe(404);
  expect((await ada.browser.call('GET', COMMENTS)).body.items).toEqual([]);
});

test('the audit log of the flag tells what was said, edited and deleted', async () => {
  const { call } = await startWithFlag();
  const { id } = (await call('POST', COMMENTS, { body: 'Ready?' })).body;
  await call('PATCH', `${COMMENTS}/${id}`, { body: 'Ready!' });
  await call('PATCH', `${COMMENTS}/${id}`, { body: 'Ready!' });
  await call('DELETE', `${COMMENTS}/${id}`);
  const { items } = (await call('GET', '/audit?project=default&flag=new-checkout&limit=3')).body;
  expect(items).toMatchObject([
    { action: 'flag.comment.deleted', before: { comment: id, body: 'Ready!' } },
    { action: 'flag.comment.edited', before: { body: 'Ready?' }, after: { body: 'Ready!' } },
    { action: 'flag.commented', after: { comment: id, body: 'Ready?' } },
  ]);
});

test('what says nothing or too much is refused, and so is a comment on what is not there', async () => {
  const { call } = await startWithFlag();
  for (const body of ['', ' \n ', 'x'.repeat(5_001)]) {
    expect((await call('POST', COMMENTS, { body })).status).toBe(400);
  }
  expect((await call('POST', '/projects/default/flags/none/comments', { body: 'Hello' })).status).toBe(404);
  expect((await call('PATCH', `${COMMENTS}/none`, { body: 'Hello' })).status).toBe(404);
  const { id } = (await call('POST', COMMENTS, { body: 'of this flag' })).body;
  await call('POST', '/projects/default/flags', { key: 'other', type: 'boolean' });
  expect((await call('DELETE', `/projects/default/flags/other/comments/${id}`)).status).toBe(404);
});

test('a comment moves neither the flag nor a revision', async () => {
  const { call } = await startWithFlag();
  const before = (await call('GET', FLAG)).body;
  await call('POST', COMMENTS, { body: 'Hello' });
  expect((await call('GET', FLAG)).body).toEqual(before);
});
