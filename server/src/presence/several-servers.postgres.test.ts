import { expect, test } from 'vitest';
import { startPerson } from '../testing/people.ts';
import { readEvents } from '../testing/read-events.ts';
import { newFolder, startApp } from '../testing/start-app.ts';
import { listen } from '../testing/stream-client.ts';

const FLAG = { kind: 'flag', key: 'checkout', editing: false };

test('people whose pages came to different servers see each other, and who left one is gone at the other', async () => {
  const dataDir = newFolder();
  const [a, b] = [await startApp({ dataDir }), await startApp({ dataDir })];
  await listen(a.app);
  const url = (await listen(b.app)).replace('ws:', 'http:').replace('/stream', '/api/v1/projects/default');
  for (const { app } of [a, b]) {
    await expect
      .poll(async () => {
        await app.bunting.cluster.renew();
        return app.bunting.cluster.peers().length;
      })
      .toBe(1);
  }
  const ada = await startPerson(a, 'admin');
  // Ada's tab is told of by one server, and said to be there to the other one.
  const { events } = readEvents(`${url}/receipts/stream?tab=ada-tab-1`, { cookie: ada.browser.cookie ?? '' });
  const others = () => events.findLast(({ event }) => event === 'presence')?.data.others;
  await expect.poll(others).toEqual([]);
  await ada.browser.call('PUT', '/projects/default/presence/ada-tab-1', FLAG);
  const program = '/projects/default/presence/program-1';
  expect((await a.call('PUT', program, { ...FLAG, editing: true })).status).toBe(204);
  await expect.poll(others).toMatchObject([{ editing: true }]);
  await a.call('DELETE', program);
  await expect.poll(others).toEqual([]);
});
