import { expect, test } from 'vitest';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = `${FLAGS}/orders/environments/production`;
const allAt = (stage: string) => ({ defaultRule: { variant: stage }, offVariant: stage, safeVariant: stage });

/** Two servers on one database that know of each other, and a migration that is on at its first stage. */
async function startTwo() {
  const dataDir = newFolder();
  // Nobody was connected to a server before these.
  const start = () => startApp({ dataDir, receiptLimits: { returnMs: 0 } });
  const servers: [TestServer, TestServer] = [await start(), await start()];
  const urls = [await listen(servers[0].app), await listen(servers[1].app)] as const;
  for (const { app } of servers) {
    await expect.poll(() => app.bunting.follower?.isListening).toBe(true);
    await expect
      .poll(async () => {
        await app.bunting.cluster.renew();
        return app.bunting.cluster.peers().length;
      })
      .toBe(1);
  }
  await servers[0].call('POST', FLAGS, { key: 'orders', type: 'string', kind: 'migration' });
  await servers[0].call('PATCH', PRODUCTION, { enabled: true });
  const numberOn = ({ app }: TestServer) => app.bunting.rulesets.named('default', 'production')?.revision.number;
  await expect.poll(() => numberOn(servers[1])).toBe(numberOn(servers[0]));
  const key = servers
    .flatMap(({ app }) => app.bunting.firstKeys)
    .find(({ kind, environment }) => kind === 'server' && environment === 'production');
  const join = async (url: string, id: string) => connect(url, hello(key?.secret ?? '', { instance: { id } }));
  return { servers, urls, join };
}

test('a stage waits for an instance at another server, and for a server that does not answer', async () => {
  const { servers, urls, join } = await startTwo();
  const [a, b] = servers;
  const sdk = await join(urls[1], 'at-b');
  const { revision } = await sdk.next('snapshot');
  const change = { defaultRule: { variant: 'dualWrite' } };
  expect((await a.call('PATCH', PRODUCTION, change)).body).toMatchObject({
    code: 'stage_not_confirmed',
    details: { instances: [{ id: 'at-b' }], unconfirmed: 1, servers: [] },
  });
  sdk.send({ type: 'receipt', revision, broken: { count: 0, keys: [] } });
  const receipts = async () => (await a.call('GET', '/projects/default/environments/production/receipts')).body;
  await expect.poll(receipts).toMatchObject({ confirmed: 1, pending: 0 });
  // It is still in the register, and says nothing.
  b.app.server.close();
  b.app.server.closeAllConnections();
  sdk.socket.terminate();
  const { body } = await a.call('PATCH', PRODUCTION, change);
  expect(body).toMatchObject({
    code: 'stage_not_confirmed',
    details: { servers: [urls[1].replace('ws:', 'http:').replace('/stream', '')] },
  });
});

test('of two changes at once, at two servers, none goes further than one stage', async () => {
  const { servers, urls, join } = await startTwo();
  const [a, b] = servers;
  const sdk = await join(urls[0], 'slow');
  const { revision } = await sdk.next('snapshot');
  sdk.send({ type: 'receipt', revision, broken: { count: 0, keys: [] } });
  const receipts = async () => (await b.call('GET', '/projects/default/environments/production/receipts')).body;
  await expect.poll(receipts).toMatchObject({ confirmed: 1, pending: 0 });
  // Whichever comes first, the instance has no receipt for it when the other one is judged.
  const answers = await Promise.all([
    ...['dualWrite', 'shadow'].map((stage) => a.call('PATCH', PRODUCTION, allAt(stage))),
    ...['shadow', 'dualWrite', 'live'].map((stage) => b.call('PATCH', PRODUCTION, allAt(stage))),
  ]);
  for (const { status, body } of answers.filter(({ status }) => status !== 200)) {
    expect(status).toBe(409);
    expect(body.code).toMatch(/^stage_(too_far|not_confirmed)$/);
  }
  const { body } = await b.call('GET', `${FLAGS}/orders`);
  expect(body.environments.production).toMatchObject(allAt('dualWrite'));
  expect(body.environments.production.version).toBe(3);
});
