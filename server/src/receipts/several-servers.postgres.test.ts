import { expect, test } from 'vitest';
import { readEvents } from '../testing/read-events.ts';
import { ADMIN_KEY, newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { connect, hello, listen, type StreamClient } from '../testing/stream-client.ts';

const ENVIRONMENT = '/projects/default/environments/production';
const FLAG = '/projects/default/flags/a';
const NONE_BROKEN = { count: 0, keys: [] };

/** Two servers on one database that know of each other, with an instance each. */
async function startTwo() {
  const dataDir = newFolder();
  const servers: [TestServer, TestServer] = [await startApp({ dataDir }), await startApp({ dataDir })];
  const urls = [await listen(servers[0].app), await listen(servers[1].app)] as const;
  for (const { app } of servers) await expect.poll(() => app.bunting.follower?.isListening).toBe(true);
  for (const { app } of servers) {
    await expect
      .poll(async () => {
        await app.bunting.cluster.renew();
        return app.bunting.cluster.peers().length;
      })
      .toBe(1);
  }
  const key = servers
    .flatMap(({ app }) => app.bunting.firstKeys)
    .find(({ kind, environment }) => kind === 'server' && environment === 'production');
  await servers[0].call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const numberOn = ({ app }: TestServer) => app.bunting.rulesets.named('default', 'production')?.revision.number;
  await expect.poll(() => numberOn(servers[1])).toBe(numberOn(servers[0]));
  const join = async (url: string, id: string) => {
    const client = await connect(url, hello(key?.secret ?? '', { instance: { id } }));
    confirm(client, (await client.next('snapshot')).revision);
    return client;
  };
  const clients = [await join(urls[0], 'on-a'), await join(urls[1], 'on-b')] as const;
  const receiptsOf = (server: TestServer) => async () => (await server.call('GET', `${ENVIRONMENT}/receipts`)).body;
  for (const server of servers) {
    await expect.poll(receiptsOf(server)).toMatchObject({ instances: 2, confirmed: 2, pending: 0, incomplete: [] });
  }
  return { servers, urls, clients, join, receiptsOf };
}

function confirm(client: StreamClient, revision: unknown): void {
  client.send({ type: 'receipt', revision, broken: NONE_BROKEN });
}

test('each of two servers answers for the instances of both: receipts, kills, lists', async () => {
  const { servers, clients, receiptsOf } = await startTwo();
  const [a, b] = servers;
  const { body } = await a.call('PATCH', `${FLAG}/environments/production`, { enabled: true });
  for (const client of clients) await expect.poll(() => client.messages.at(-1)?.type).toBe('changes');
  confirm(clients[1], body.revision);
  for (const server of servers) {
    await expect
      .poll(receiptsOf(server))
      .toMatchObject({ instances: 2, confirmed: 1, pending: 1, revision: body.revision });
    const { items } = (await server.call('GET', `${ENVIRONMENT}/receipts/stragglers`)).body;
    expect(items).toMatchObject([{ id: 'on-a', state: 'pending' }]);
  }
  confirm(clients[0], body.revision);
  for (const server of servers) {
    await expect.poll(receiptsOf(server)).toMatchObject({ confirmed: 2, pending: 0, lastMs: expect.any(Number) });
    const { items } = (await server.call('GET', `${ENVIRONMENT}/instances`)).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual(['on-a', 'on-b']);
  }
  expect((await receiptsOf(a)()).lastMs).toBeLessThan(10_000);

  const { body: kill } = await b.call('POST', `${FLAG}/environments/production/kill`, { reason: 'errors' });
  for (const client of clients) {
    const { flag, epoch, engaged } = await client.next('kill');
    client.send({ type: 'kill-receipt', flag, epoch, engaged });
  }
  for (const server of servers) {
    const killed = async () => (await server.call('GET', `${ENVIRONMENT}/kills/a/receipts`)).body;
    await expect
      .poll(killed)
      .toMatchObject({ epoch: kill.epoch, instances: 2, confirmed: 2, lastMs: expect.any(Number) });
  }
});

test("a live stream tells of the other server's instances, and names that server when it is gone", async () => {
  const { servers, urls, clients, join } = await startTwo();
  const [a, b] = servers;
  const url = urls[0].replace('ws:', 'http:').replace('/stream', '/api/v1/projects/default/receipts/stream');
  const stream = readEvents(url, { authorization: `Bearer ${ADMIN_KEY}` });
  const latest = () => stream.latest('receipts', 'production');
  await expect.poll(latest).toMatchObject({ instances: 2, confirmed: 2 });
  const { body } = await a.call('PATCH', `${FLAG}/environments/production`, { enabled: true });
  for (const client of clients) confirm(client, body.revision);
  await expect.poll(latest).toMatchObject({ revision: body.revision, instances: 2, confirmed: 2 });

  // As a crash leaves it: in the register, and not answering.
  const { url: gone } = b.app.bunting.cluster.self;
  b.app.bunting.cluster.close = async () => {};
  await b.app.close();
  await a.call('PATCH', `${FLAG}/environments/production`, { enabled: false });
  await expect.poll(latest).toMatchObject({ instances: 1, unknown: 1, incomplete: [gone] });
  await join(urls[0], 'on-b');
  await expect.poll(latest).toMatchObject({ instances: 2, unknown: 0, incomplete: [gone] });
});
