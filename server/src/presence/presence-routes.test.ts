import { expect, test } from 'vitest';
import { type Person, startPerson } from '../testing/people.ts';
import { readEvents } from '../testing/read-events.ts';
import { startApp } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';

const PRESENCE = '/projects/default/presence';
const FLAG = { kind: 'flag', key: 'checkout', editing: false };

/** What the stream of someone's tab told last of who else is there. */
function followOthers(url: string, { browser }: Person, tab: string) {
  const { events } = readEvents(`${url}/api/v1/projects/default/receipts/stream?tab=${tab}`, {
    cookie: browser.cookie ?? '',
  });
  return () => events.findLast(({ event }) => event === 'presence')?.data.others;
}

test('who is on the same page is told on the stream that the page has, by name to who may see people', async () => {
  const server = await startApp();
  const url = (await listen(server.app)).replace('ws:', 'http:').replace(/\/stream$/, '');
  const [ada, ben] = [await startPerson(server, 'admin'), await startPerson(server, 'viewer')];
  const [toAda, toBen] = [followOthers(url, ada, 'ada-tab-1'), followOthers(url, ben, 'ben-tab-1')];
  await expect.poll(() => [toAda(), toBen()]).toEqual([[], []]);
  expect((await ada.browser.call('PUT', `${PRESENCE}/ada-tab-1`, FLAG)).status).toBe(204);
  await ben.browser.call('PUT', `${PRESENCE}/ben-tab-1`, { ...FLAG, environment: 'production', editing: true });
  await expect
    .poll(toAda)
    .toEqual([{ name: expect.stringContaining('person'), environment: 'production', editing: true }]);
  await expect.poll(toBen).toEqual([{ name: null, environment: null, editing: false }]);
  await ada.browser.call('DELETE', `${PRESENCE}/ada-tab-1`);
  await expect.poll(toBen).toEqual([]);
});

test('being on a page leaves nothing in the audit log, and what is no page is refused', async () => {
  const { call } = await startApp();
  const before = (await call('GET', '/audit?limit=200')).body.items.length;
  expect((await call('PUT', `${PRESENCE}/some-tab`, FLAG)).status).toBe(204);
  expect((await call('PUT', `${PRESENCE}/some-tab`, { ...FLAG, kind: 'moon' })).status).toBe(400);
  expect((await call('PUT', `${PRESENCE}/short`, FLAG)).status).toBe(400);
  expect((await call('DELETE', `${PRESENCE}/other-tab`)).status).toBe(204);
  expect((await call('GET', '/audit?limit=200')).body.items).toHaveLength(before);
});
