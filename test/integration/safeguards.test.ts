import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareDemo } from '../../tools/demo.ts';
import { type Postgres, startPostgresFor } from '../../tools/postgres.ts';
import { changeFlag, split } from '../processes/flags.ts';
import { TcpProxy } from '../processes/proxy.ts';
import { newAdminKey, startServer, type TestServer } from '../processes/server.ts';
import { startShop, type TestShop } from '../processes/shop.ts';
import { ShopTraffic } from '../processes/shop-traffic.ts';
import { waitFor } from '../processes/wait.ts';

/** Two servers on one PostgreSQL, three shops whose new checkout half of the visitors get, and visitors. Nobody acts. */

let postgres: Postgres;
let proxy: TcpProxy;
let servers: TestServer[] = [];
let shops: TestShop[] = [];
let traffic: ShopTraffic;

beforeEach(async ({ skip }) => {
  [servers, shops] = [[], []];
  const started = await startPostgresFor('the proof that a failing checkout turns off by itself');
  skip(started === undefined);
  postgres = started as Postgres;
  const adminKey = newAdminKey();
  const env = { DATABASE_URL: await postgres.createDatabase() };
  for (let at = 0; at < 2; at++) servers.push(await startServer({ adminKey, env }));
  const [one, two] = servers as [TestServer, TestServer];
  const { sdkKey } = await prepareDemo({ serverUrl: one.url, adminKey, dataDir: one.dataDir });
  await changeFlag(one.api, 'new-checkout', { rules: [], defaultRule: split({ on: 50, off: 50 }) });
  proxy = await TcpProxy.start([two.url, one.url], Math.random);
  for (const url of [one.url, two.url, proxy.url]) shops.push(await startShop(url, sdkKey));
  traffic = new ShopTraffic(shops.map(({ url }) => url));
  await waitFor('both checkouts', () => traffic.seen('one-page') > 20 && traffic.seen('classic') > 20);
});
afterEach(async () => {
  for (const { child } of servers) child.signal('SIGCONT');
  await traffic?.stop();
  await Promise.all(shops.map((shop) => shop.stop()));
  await proxy?.close();
  await Promise.all(servers.map((server) => server.remove()));
  await postgres?.stop();
});

/** Nobody of any of these shops is shown an error or the new checkout any more. */
const isOffAt = (urls: readonly string[]) =>
  waitFor('the new checkout to be off', () => urls.every((url) => traffic.isClassic(url)), 60_000);

const killOf = async ({ api }: TestServer) => {
  const path = '/projects/default/environments/development/kills';
  const { items } = await api.call<{ items: { flag: string; by: { kind: string }; stored: boolean }[] }>('GET', path);
  return items.find(({ flag }) => flag === 'new-checkout');
};

test('the new checkout begins to fail, and is off at every shop', async () => {
  const beganMs = performance.now();
  await traffic.breakCheckout();
  await isOffAt(shops.map(({ url }) => url));
  console.log(`safeguards: off at every shop ${Math.round(performance.now() - beganMs)} ms after it broke`);
  for (const server of servers) expect(await killOf(server)).toMatchObject({ by: { kind: 'safeguard' } });
  const path = '/projects/default/environments/development/verdicts';
  const verdict = await waitFor('the verdict', async () => {
    const { items } = await (servers[0] as TestServer).api.call<{ items: { id: string; action: string }[] }>(
      'GET',
      path,
    );
    return items.find(({ action }) => action === 'kill');
  });
  expect(verdict).toMatchObject({ flag: 'new-checkout', variant: 'on', outcomes: [{ action: 'kill' }] });
  expect(await (servers[1] as TestServer).api.call('POST', `${path}/${verdict.id}/replay`, {})).toMatchObject({
    same: true,
  });
}, 120_000);

test('the same while PostgreSQL is stopped; what was found is stored when it is back', async () => {
  await postgres.kill();
  await traffic.breakCheckout();
  await isOffAt(shops.map(({ url }) => url));
  await postgres.restart();
  const [one] = servers as [TestServer];
  await waitFor('the kill to be stored', async () => (await killOf(one).catch(() => undefined))?.stored, 60_000);
  await waitFor(
    'the verdict to be stored',
    async () => {
      const path = '/projects/default/environments/development/verdicts';
      const { items } = await one.api.call<{ items: unknown[] }>('GET', path).catch(() => ({ items: [] }));
      return items.length > 0;
    },
    60_000,
  );
}, 240_000);

test('the same while one of two servers stands still; whom it served go to the other one, or hear of it when it goes on', async () => {
  const [one, two] = servers as [TestServer, TestServer];
  const [ofOne, ofTwo, ofProxy] = shops.map(({ url }) => url) as [string, string, string];
  two.child.signal('SIGSTOP');
  await traffic.breakCheckout();
  await isOffAt([ofOne, ofProxy]);
  expect(await killOf(one)).toMatchObject({ by: { kind: 'safeguard' } });
  two.child.signal('SIGCONT');
  await isOffAt([ofTwo]);
}, 240_000);
