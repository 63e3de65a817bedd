import { connect, type Flags, type TransportName } from '@bunting/node';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startPostgresFor } from '../../tools/postgres.ts';
import { changeFlag, makeFlag, makeKey, readReceipts, split } from '../processes/flags.ts';
import { startRelay } from '../processes/relay.ts';
import { newAdminKey, type ServerOptions, startServer, type TestServer } from '../processes/server.ts';

const postgres = await startPostgresFor('measurements on several servers');
afterAll(() => postgres?.stop());

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options?: ServerOptions): Promise<TestServer> {
  const server = await startServer(options);
  cleanups.push(() => server.remove());
  return server;
}

interface Client {
  readonly url: string;
  readonly sdkKey: string;
  readonly instanceId?: string;
  readonly transports?: readonly TransportName[];
}

async function open(client: Client): Promise<Flags> {
  const flags = connect({ app: 'test', pollIntervalMs: 1_000, logger: {}, ...client });
  cleanups.push(() => flags.close());
  expect(await flags.ready()).toMatchObject({ state: 'live' });
  return flags;
}

/** A flag that is on for half of the users, and fails for these. */
async function makeCheckout({ api }: TestServer): Promise<string> {
  await makeFlag(api, { key: 'checkout', type: 'boolean' }, { enabled: true, defaultRule: split({ on: 50, off: 50 }) });
  return (await makeKey(api, 'server')).secret;
}

/** How many users were served each side. */
function checkOut(flags: Flags, users: number): { on: number; off: number } {
  const served = { on: 0, off: 0 };
  for (let i = 0; i < users; i++) {
    const sides = {
      off: () => served.off++,
      on: () => {
        served.on++;
        throw new Error('out of stock');
      },
    };
    try {
      flags.run('checkout', { targetingKey: `user-${i}` }, sides);
    } catch {}
  }
  return served;
}

interface Totals {
  readonly count: number;
  readonly errors: number;
  readonly failingSubjects: number;
}
interface Series {
  readonly variant: string;
  readonly path: string;
  readonly instance?: string;
  readonly totals: Totals;
}

async function measurementsOf({ api }: TestServer, flag: string, by = 'variant') {
  const path = `/projects/default/environments/development/flags/${flag}/measurements?by=${by}`;
  const { paths } = await api.call<{ paths: readonly Series[] }>('GET', path);
  return paths;
}

/** Runs of each side, as a server tells them. */
async function countsAt(server: TestServer): Promise<Record<string, [count: number, errors: number]>> {
  const paths = await measurementsOf(server, 'checkout');
  return Object.fromEntries(paths.map(({ variant, totals }) => [variant, [totals.count, totals.errors]]));
}

describe.each(['websocket', 'sse', 'polling'] as const)('what an SDK measures over %s', (transport) => {
  test('is told by the server a moment later: which side fails, and for how many', async () => {
    const server = await start();
    const flags = await open({ url: server.url, sdkKey: await makeCheckout(server), transports: [transport] });
    const { on, off } = checkOut(flags, 200);
    await expect.poll(() => countsAt(server), { timeout: 10_000 }).toEqual({ on: [on, on], off: [off, 0] });
    const failing = (await measurementsOf(server, 'checkout')).find(({ variant }) => variant === 'on');
    expect(Math.abs((failing?.totals.failingSubjects ?? 0) / on - 1)).toBeLessThan(0.3);
  });
});

test('what is measured through a relay is told by its upstream, by instance, and counted once', async () => {
  const server = await start();
  const sdkKey = await makeCheckout(server);
  const relay = await startRelay(server.url, (await makeKey(server.api, 'relay')).secret);
  cleanups.push(() => relay.remove());
  const first = await open({ url: relay.url, sdkKey, instanceId: 'shop-1' });
  const second = await open({ url: relay.url, sdkKey, instanceId: 'shop-2', transports: ['polling'] });
  const { on, off } = checkOut(first, 100);
  checkOut(second, 100);
  const all = { on: [2 * on, 2 * on], off: [2 * off, 0] };
  await expect.poll(() => countsAt(server), { timeout: 10_000 }).toEqual(all);
  const instances = await measurementsOf(server, 'checkout', 'instance');
  const failed = instances
    .filter(({ variant }) => variant === 'on')
    .map(({ instance, totals }) => [instance, totals.errors]);
  expect(failed.sort()).toEqual([
    ['shop-1', on],
    ['shop-2', on],
  ]);
  await first.close();
  await second.close();
  expect(await countsAt(server)).toEqual(all);
});

test('two servers tell the sum of what either was sent, of what was measured and of which variants were served', async ({
  skip,
}) => {
  if (postgres === undefined) return skip();
  const env = { DATABASE_URL: await postgres.createDatabase() };
  const adminKey = newAdminKey();
  const a = await start({ env, adminKey });
  const b = await start({ env, adminKey });
  const atA = await open({ url: a.url, sdkKey: await makeCheckout(a) });
  const atB = await open({ url: b.url, sdkKey: (await makeKey(b.api, 'server')).secret });
  await expect.poll(() => atB.getBooleanDetails('checkout', false, { targetingKey: 'x' }).errorCode).toBeUndefined();
  const { on, off } = checkOut(atA, 100);
  checkOut(atB, 100);
  for (const server of [a, b]) {
    await expect.poll(() => countsAt(server), { timeout: 20_000 }).toEqual({ on: [2 * on, 2 * on], off: [2 * off, 0] });
  }
  // Closing, they tell at once which variants they served, also to whoever only asked.
  await Promise.all([atA.close(), atB.close()]);
  const servedAt = async ({ api }: TestServer) => {
    const path = '/projects/default/environments/development/flags/checkout/exposures';
    const { series, incomplete } = await api.call<{
      series: readonly { variant: string; total: number }[];
      incomplete: readonly string[];
    }>('GET', path);
    expect(incomplete).toEqual([]);
    return Object.fromEntries(series.map(({ variant, total }) => [variant, total]));
  };
  for (const server of [a, b]) {
    await expect.poll(async () => (await servedAt(server)).on ?? 0).toBeGreaterThanOrEqual(2 * on);
    await expect.poll(async () => (await servedAt(server)).off ?? 0).toBeGreaterThanOrEqual(2 * off);
  }
  expect(await servedAt(a)).toEqual(await servedAt(b));
});

test('visitors of two servers count once for the sample ratio; where a third of one side never arrives, it is noticed', async ({
  skip,
}) => {
  if (postgres === undefined) return skip();
  const env = { DATABASE_URL: await postgres.createDatabase() };
  const adminKey = newAdminKey();
  const a = await start({ env, adminKey });
  const b = await start({ env, adminKey });
  const sdkKey = await makeCheckout(a);
  const [atA, atB] = [await open({ url: a.url, sdkKey }), await open({ url: b.url, sdkKey })];
  const environment = '/projects/default/environments/development';
  const { id } = await a.api.call<{ id: string }>('POST', `${environment}/safeguards`, {
    ...{ name: 'Ratio', watch: { flag: 'checkout' }, action: 'notify' },
    ...{ metric: { kind: 'exposures' }, test: { kind: 'sample_ratio', alpha: 0.001 } },
  });
  interface Step {
    readonly candidate: { readonly count: number };
    readonly baseline: { readonly count: number };
  }
  const exposedAt = async ({ api }: TestServer) => {
    const path = `${environment}/safeguards/${id}/state`;
    const { states } = await api.call<{ states: { points?: Step[] }[] }>('GET', path);
    const points = states.flatMap((state) => state.points ?? []);
    const sum = (arm: keyof Step) => points.reduce((all, step) => all + step[arm].count, 0);
    return { on: sum('candidate'), off: sum('baseline') };
  };
  const run = (flags: Flags, names: readonly string[]) => {
    const served = { on: new Set<string>(), off: new Set<string>() };
    for (const name of names) {
      const sides = { on: () => served.on.add(name), off: () => served.off.add(name) };
      flags.run('checkout', { targetingKey: name }, sides);
    }
    return served;
  };
  for (const server of [a, b]) {
    const exposed = () => exposedAt(server).catch(() => 'is not known here yet');
    await expect.poll(exposed, { timeout: 10_000 }).toEqual({ on: 0, off: 0 });
  }
  // What each server said before the other one first asked counts for nobody: until each has heard of the other's visitors.
  let probes = 0;
  for (const [flags, other] of [[atA, b] as const, [atB, a] as const]) {
    const before = await exposedAt(other);
    await expect
      .poll(
        async () => {
          run(flags, [`probe-${probes++}`]);
          const { on, off } = await exposedAt(other);
          return on + off > before.on + before.off;
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBe(true);
  }
  await changeFlag(a.api, 'checkout', { defaultRule: split({ on: 40, off: 60 }) });
  await expect.poll(() => readReceipts(a.api), { timeout: 10_000 }).toMatchObject({ confirmed: 2, pending: 0 });
  const names = Array.from({ length: 1_500 }, (_, at) => `visitor-${at}`);
  const [one, two] = [run(atA, names.slice(0, 1_000)), run(atB, names.slice(500))];
  const exposed = { on: new Set([...one.on, ...two.on]).size, off: new Set([...one.off, ...two.off]).size };
  expect(exposed.on + exposed.off).toBe(1_500);
  for (const server of [a, b]) await expect.poll(() => exposedAt(server), { timeout: 20_000 }).toEqual(exposed);

  const verdicts = async () =>
    (await a.api.call<{ items: { summary: string }[] }>('GET', `${environment}/verdicts`)).items;
  expect(await verdicts()).toEqual([]);
  const late = Array.from({ length: 4_000 }, (_, at) => `late-${at}`);
  const isOn = (name: string) => atB.isEnabled('checkout', { targetingKey: name });
  run(
    atB,
    late.filter((name, at) => at % 3 > 0 || !isOn(name)),
  );
  await expect
    .poll(verdicts, { timeout: 20_000 })
    .toMatchObject([
      { summary: expect.stringMatching(/"on" is served to .* of its split, 3\d %, where 40 % are due/) },
    ]);
}, 90_000);

const STAGES = ['off', 'dualWrite', 'shadow', 'live', 'rampDown', 'complete'] as const;

test('a migration moves on only when every instance has the last stage, and loses no write', async () => {
  const server = await start();
  const { api } = server;
  const variants = STAGES.map((stage) => ({ name: stage, value: stage }));
  const migration = { key: 'orders', type: 'string', kind: 'migration', variants };
  await makeFlag(api, migration, {
    enabled: true,
    offVariant: 'off',
    safeVariant: 'off',
    defaultRule: { variant: 'off' },
  });
  const sdkKey = (await makeKey(api, 'server')).secret;
  const flags = await open({ url: server.url, sdkKey, instanceId: 'shop-1' });
  const lagging = await open({ url: server.url, sdkKey, instanceId: 'shop-2', transports: ['polling'] });

  const stores = { old: new Map<number, number>(), new: new Map<number, number>() };
  const options = {
    read: { old: async (id: number) => stores.old.get(id), new: async (id: number) => stores.new.get(id) },
    write: { old: (id: number) => void stores.old.set(id, id), new: (id: number) => void stores.new.set(id, id) },
  };
  const clients = [flags, lagging].map((client) => client.migrate('orders', options));
  let id = 0;
  const lost: string[] = [];
  const refusals: string[] = [];
  /** Each instance writes, and each reads what either wrote. */
  const work = async () => {
    for (const writer of clients) {
      id++;
      await writer.write(id);
      for (const reader of clients) if ((await reader.read(id)) !== id) lost.push(`${writer.stage} to ${reader.stage}`);
    }
  };
  const moveTo = (stage: string) => changeFlag(api, 'orders', { defaultRule: { variant: stage }, safeVariant: stage });

  await expect(moveTo('live')).rejects.toThrow('stage_too_far');
  for (const stage of STAGES.slice(1)) {
    await work();
    await expect
      .poll(
        async () => {
          await work();
          const outcome = await moveTo(stage).then(() => 'moved', String);
          if (outcome !== 'moved') refusals.push(outcome);
          return outcome;
        },
        { timeout: 10_000, interval: 50 },
      )
      .toBe('moved');
    await work();
    await expect.poll(() => flags.getStringValue('orders', '')).toBe(stage);
    // Nobody writes the old store alone any more: what was written before is copied.
    if (stage === 'shadow') for (const [key, value] of stores.old) stores.new.set(key, value);
  }
  await work();
  expect(lost).toEqual([]);
  for (const refusal of refusals) expect(refusal).toMatch(/stage_not_confirmed.*shop-2/);
  expect(refusals.length).toBeGreaterThan(0);
  expect(stores.new.size).toBe(id);
});
