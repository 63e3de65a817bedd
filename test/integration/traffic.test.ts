import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestFlags } from '@bunting/node/testing';
import { buildApp, readConfig } from '@bunting/server';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type LoadBalancer, type LoadBalancerName, startLoadBalancer } from '../processes/load-balancer.ts';
import { newAdminKey } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import { type Side, TwoVersions } from '../processes/two-versions.ts';

/** What every kind of traffic target has to do, against the real program, configured by the files of `deploy`. */

const PATH = '/api/v1/projects/default/environments/production/traffic-targets/shop';
const TENTH = 10_000;

/** What becomes of a weight that was set, when the program is reloaded or restarted. */
const KINDS: readonly { name: LoadBalancerName; reload: 'keeps' | 'forgets'; restart: 'keeps' }[] = [
  { name: 'haproxy', reload: 'keeps', restart: 'keeps' },
  { name: 'nginx', reload: 'keeps', restart: 'keeps' },
  // A reload is of the file, and the file is whoever's who wrote it.
  { name: 'caddy', reload: 'forgets', restart: 'keeps' },
];

let versions: TwoVersions;
let balancer: LoadBalancer;

beforeEach(async () => {
  versions = await TwoVersions.start();
});
afterEach(async () => {
  await balancer?.remove();
  await versions.stop();
});

/** A server that knows the load balancer as the target "shop". */
async function startServer() {
  const { path: dataDir, remove } = makeTempFolder();
  const adminKey = newAdminKey();
  const app = await buildApp({
    ...{ ...readConfig(), dataDir, databaseUrl: undefined, logLevel: 'silent', bootstrapAdminKey: adminKey },
    ...{ egressAllow: ['127.0.0.1'], trafficPaths: [balancer.folder], trafficNginx: balancer.nginx },
  });
  onTestFinished(async () => {
    await app.close();
    remove();
  });
  const call = async (method: 'PUT' | 'GET' | 'POST', url: string, payload?: object) => {
    const headers = { authorization: `Bearer ${adminKey}` };
    const response = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    return response.json();
  };
  const put = (settings: object = {}) =>
    call('PUT', PATH, {
      name: 'Shop',
      kind: balancer.target.kind,
      settings: { ...balancer.target.settings, ...settings },
    });
  await put();
  const open = async () => {
    const { environment } = await app.bunting.environments.find('default', 'production');
    const target = await app.bunting.trafficTargets.open(environment.id, 'shop');
    if (target === undefined) throw new Error('the target was not made');
    return target;
  };
  return { call, put, open, target: await open() };
}

const soon = () => AbortSignal.timeout(10_000);

/** Who answers someone in this bucket; undefined: someone who comes for the first time. */
async function visit(bucket?: string) {
  const headers: Record<string, string> = bucket === undefined ? {} : { cookie: `bunting_bucket=${bucket}` };
  const response = await fetch(balancer.url, { headers });
  const text = await response.text();
  return { side: text, bucket: response.headers.get('x-bucket'), cookie: response.headers.get('set-cookie') };
}

/** Where connections that are open may be answered as before once more, it is looked at again. */
async function expectSide(atomic: boolean, bucket: string, side: Side): Promise<void> {
  if (atomic) expect([bucket, (await visit(bucket)).side]).toEqual([bucket, side]);
  else await expect.poll(async () => [bucket, (await visit(bucket)).side]).toEqual([bucket, side]);
}

describe.each(KINDS)('$name', ({ name, reload, restart }) => {
  beforeEach(async ({ skip }) => {
    const started = await startLoadBalancer(name, `the contract of traffic targets with ${name}`, versions.ports);
    skip(started === undefined);
    balancer = started as LoadBalancer;
  });

  test('divides visitors by their bucket, as it is told, again and again, and says so', async () => {
    const { target, call } = await startServer();
    expect(await target.read(soon())).toMatchObject({ candidatePer100k: 0, fence: 0 });
    for (const [candidatePer100k, last] of [
      [TENTH, '09999'],
      [50_000, '49999'],
      [50_000, '49999'],
      [100_000, '99999'],
      [1, '00000'],
    ] as const) {
      await target.apply({ candidatePer100k }, 1, soon());
      expect(await target.read(soon())).toMatchObject({ candidatePer100k, fence: 1 });
      await expectSide(target.capabilities.atomic, last, 'candidate');
      expect(await visit(last)).toMatchObject({ side: 'candidate', bucket: last, cookie: null });
      if (last === '99999') continue;
      const next = String(Number(last) + 1).padStart(5, '0');
      await expectSide(target.capabilities.atomic, next, 'baseline');
    }
    await target.apply({ candidatePer100k: 0 }, 1, soon());
    await expectSide(target.capabilities.atomic, '00000', 'baseline');
    expect(await call('POST', `${PATH}/test`)).toMatchObject({ ok: true, problem: null });
    expect(await call('GET', `${PATH}/state`)).toMatchObject({ candidatePer100k: 0, problem: null });
  });

  test('gives who comes for the first time a bucket that decides at once and afterwards', async () => {
    const { target } = await startServer();
    await target.apply({ candidatePer100k: 50_000 }, 1, soon());
    await expectSide(target.capabilities.atomic, '49999', 'candidate');
    const visits = await Promise.all(Array.from({ length: 200 }, () => visit()));
    for (const { side, bucket, cookie } of visits) {
      expect(cookie).toMatch(new RegExp(`^bunting_bucket=${bucket}; `));
      expect([bucket, side]).toEqual([bucket, Number(bucket) < 50_000 ? 'candidate' : 'baseline']);
    }
    // Five standard deviations of 200 throws.
    const candidates = visits.filter(({ side }) => side === 'candidate').length;
    expect(Math.abs(candidates - 100)).toBeLessThan(36);
    // What someone made up is no bucket.
    for (const made of ['', 'x', '-0001', '1000000', '0']) {
      expect((await visit(made)).cookie, made).toMatch(/^bunting_bucket=\d{5}; /);
    }
  });

  test('divides as flags do that are split by its bucket: of two shares the smaller one has both', async () => {
    const { target } = await startServer();
    await target.apply({ candidatePer100k: 20_000 }, 1, soon());
    await expectSide(target.capabilities.atomic, '19999', 'candidate');
    const split = { by: 'trafficBucket', bucketer: 'given', ranges: [{ variant: 'on', from: 0, to: 5_000 }] };
    const variants = [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ];
    const checkout = { type: 'boolean', variants, enabled: true, offVariant: 'off', defaultRule: { split } } as const;
    const flags = createTestFlags({ checkout: { key: 'checkout', ...checkout } });
    const ask = async (bucket?: string) => {
      // What the load balancer says to the service is what the service says to the SDK.
      const { side, bucket: told } = await visit(bucket);
      return [side, flags.isEnabled('checkout', { targetingKey: 'someone', trafficBucket: told })];
    };
    expect(await ask('04999')).toEqual(['candidate', true]);
    expect(await ask('05000')).toEqual(['candidate', false]);
    expect(await ask('19999')).toEqual(['candidate', false]);
    expect(await ask('20000')).toEqual(['baseline', false]);
    const strangers = await Promise.all(Array.from({ length: 200 }, () => ask()));
    expect(strangers).not.toContainEqual(['baseline', true]);
  });

  test('refuses who does not hold the release any more', async () => {
    const { target } = await startServer();
    await target.apply({ candidatePer100k: TENTH }, 7, soon());
    await expect(target.apply({ candidatePer100k: 100_000 }, 6, soon())).rejects.toMatchObject({ code: 'stale_fence' });
    expect(await target.read(soon())).toMatchObject({ candidatePer100k: TENTH, fence: 7 });
    await target.apply({ candidatePer100k: 0 }, 8, soon());
    expect(await target.read(soon())).toMatchObject({ candidatePer100k: 0, fence: 8 });
  });

  test(`${reload} its weight when it is reloaded, ${restart} it when it is restarted, and is set again`, async () => {
    const { target } = await startServer();
    await target.apply({ candidatePer100k: TENTH }, 3, soon());
    const read = () =>
      target.read(soon()).then(
        ({ candidatePer100k, fence }) => ({ candidatePer100k, fence }),
        () => undefined,
      );
    await balancer.reload();
    await expect
      .poll(read)
      .toEqual(reload === 'keeps' ? { candidatePer100k: TENTH, fence: 3 } : { candidatePer100k: 0, fence: 0 });
    await expect
      .poll(() =>
        target.apply({ candidatePer100k: 20_000 }, 3, soon()).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await expect.poll(read).toEqual({ candidatePer100k: 20_000, fence: 3 });
    await balancer.restart();
    await expect.poll(read).toEqual({ candidatePer100k: 20_000, fence: 3 });
    await expectSide(target.capabilities.atomic, '19999', 'candidate');
  });

  test('says that it cannot be reached, and goes on when it can', async () => {
    const { target, call } = await startServer();
    await balancer.stop();
    await expect(target.read(soon())).rejects.toMatchObject({ code: 'unreachable' });
    expect(await call('GET', `${PATH}/state`)).toMatchObject({
      candidatePer100k: null,
      problem: expect.stringMatching(/check that/),
    });
    await balancer.restart();
    await target.apply({ candidatePer100k: TENTH }, 1, soon());
    await expectSide(target.capabilities.atomic, '09999', 'candidate');
  });
});

describe('haproxy', () => {
  beforeEach(async ({ skip }) => {
    const started = await startLoadBalancer('haproxy', 'what only HAProxy can do', versions.ports);
    skip(started === undefined);
    balancer = started as LoadBalancer;
  });

  test('goes back to the baseline by itself when a lease is not renewed', async () => {
    const { target } = await startServer();
    await target.apply({ candidatePer100k: 100_000, notAfterMs: Date.now() + 3_000 }, 1, soon());
    await expectSide(true, '00000', 'candidate');
    await expect.poll(async () => (await visit('00000')).side).toBe('baseline');
    expect(await target.read(soon())).toMatchObject({ candidatePer100k: 0, fence: 1 });
    await target.apply({ candidatePer100k: 100_000, notAfterMs: Date.now() + 60_000 }, 1, soon());
    await expectSide(true, '99999', 'candidate');
  });

  test('counts requests and errors of both sides, and instances that answer their checks', async () => {
    const { target, call } = await startServer();
    await target.apply({ candidatePer100k: 50_000 }, 1, soon());
    versions.failing.candidate = 1;
    for (const bucket of ['00000', '00001', '99999']) await visit(bucket);
    const { candidate, baseline } = (await target.count?.(soon())) ?? {};
    expect(candidate).toEqual({ requests: 2, errors: 2 });
    // The first visit saw whether HAProxy answers.
    expect(baseline).toMatchObject({ errors: 0 });
    expect(await call('GET', `${PATH}/state`)).toMatchObject({
      up: { candidate: 1, baseline: 1 },
      counts: { candidate },
    });
    await versions.stop();
    await expect.poll(async () => (await target.read(soon())).up).toEqual({ candidate: 0, baseline: 0 });
  });

  test('says that the file of its map was changed by others, and leaves files that are not its own alone', async () => {
    const { target, put, open } = await startServer();
    writeFileSync(join(balancer.folder, 'shop.map'), 'candidate 99\nfence 0\nuntil 0\n');
    expect((await target.read(soon())).problem).toMatch(/after a reload it would do something else/);
    await target.apply({ candidatePer100k: TENTH }, 1, soon());
    expect((await target.read(soon())).problem).toBeUndefined();
    await put({ file: join(balancer.folder, 'haproxy.cfg') });
    const wrong = await open();
    await expect(wrong.apply({ candidatePer100k: 0 }, 1, soon())).rejects.toThrow(
      /is no map that Bunting wrote, and stays/,
    );
    await expectSide(true, '00000', 'baseline');
  });

  test('names what its configuration lacks', async () => {
    const { put, call } = await startServer();
    const problemWith = async (settings: object) => {
      await put(settings);
      return (await call('GET', `${PATH}/state`)).problem;
    };
    expect(await problemWith({ map: '/none.map' })).toMatch(/HAProxy answered "show map \/none.map" with "Unknown map/);
    const backends = { candidate: 'none', baseline: 'shop_baseline' };
    expect(await problemWith({ backends })).toMatch(/has no backend "none"/);
  });

  test('can have its servers weighted instead, as finely as that goes', async () => {
    const { open, call } = await startServer();
    const weights = {
      ...{ runtime: balancer.target.settings.runtime, backend: 'shop_baseline' },
      ...{ candidate: ['canary1'], baseline: ['baseline1'] },
    };
    const given = { name: 'Weights', kind: 'haproxy_weights', settings: weights };
    expect(await call('PUT', PATH, given)).toMatchObject({ kind: 'haproxy_weights' });
    expect((await call('GET', `${PATH}/state`)).problem).toMatch(/has no server "canary1"/);
    const path = join(balancer.folder, 'haproxy.cfg');
    const server = `  server canary1 127.0.0.1:${versions.ports.candidate} weight 0\n`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/( {2}server baseline1)/, `${server}$1`));
    await balancer.restart();
    const target = await open();
    expect(target.capabilities).toMatchObject({ atomic: false, sticky: false, granularityPer100k: 1_000 });
    for (const candidatePer100k of [5_000, 20_000, 50_000, 100_000, 0]) {
      await target.apply({ candidatePer100k }, 1, soon());
      const seen = await target.read(soon());
      expect(Math.abs((seen.candidatePer100k ?? 0) - candidatePer100k)).toBeLessThan(100);
      const sides = await Promise.all(Array.from({ length: 100 }, () => visit().then(({ side }) => side)));
      const share = sides.filter((side) => side === 'candidate').length * 1_000;
      expect(Math.abs(share - candidatePer100k), `${candidatePer100k}`).toBeLessThanOrEqual(5_000);
    }
  });
});

describe('nginx', () => {
  beforeEach(async ({ skip }) => {
    const started = await startLoadBalancer('nginx', 'what only NGINX can do', versions.ports);
    skip(started === undefined);
    balancer = started as LoadBalancer;
  });

  test('sends copies of requests to the candidate, whose answers nobody sees', async () => {
    const { target } = await startServer();
    await target.apply({ candidatePer100k: 0, shadowPer100k: 100_000 }, 1, soon());
    expect(await target.read(soon())).toMatchObject({ candidatePer100k: 0, shadowPer100k: 100_000 });
    versions.failing.candidate = 1;
    await expect
      .poll(async () => [(await visit('00000')).side, versions.shadows.candidate > 0])
      .toEqual(['baseline', true]);
    await target.apply({ candidatePer100k: 0 }, 1, soon());
    expect(await target.read(soon())).toMatchObject({ shadowPer100k: 0 });
  });

  test('says what was set from then on, although workers of before may still take connections', async () => {
    const { target } = await startServer();
    for (let round = 1; round <= 6; round++) {
      const wanted = { candidatePer100k: round * TENTH, fence: round };
      await target.apply(wanted, round, soon());
      for (let look = 0; look < 20; look++) {
        const { problem, ...seen } = await target.read(soon());
        expect([problem, seen]).toMatchObject([undefined, wanted]);
      }
    }
  });

  test('is left as it was where NGINX refuses its configuration, and what it says is told', async () => {
    const { target } = await startServer();
    await target.apply({ candidatePer100k: TENTH }, 1, soon());
    const config = join(balancer.folder, 'nginx.conf');
    const good = readFileSync(config, 'utf8');
    const include = readFileSync(join(balancer.folder, 'shop.conf'), 'utf8');
    writeFileSync(config, good.replace('events {}', 'evvents {}'));
    const refusal = { code: 'refused', message: expect.stringMatching(/unknown directive "evvents"/) };
    await expect(target.apply({ candidatePer100k: 0 }, 2, soon())).rejects.toMatchObject(refusal);
    expect(readFileSync(join(balancer.folder, 'shop.conf'), 'utf8')).toBe(include);
    expect(await target.read(soon())).toMatchObject({ candidatePer100k: TENTH });
    writeFileSync(config, good);
    await target.apply({ candidatePer100k: 0 }, 2, soon());
    await expectSide(false, '00000', 'baseline');
  });

  test('replaces no file that Bunting did not write', async () => {
    const { put, open } = await startServer();
    await put({ include: join(balancer.folder, 'nginx.conf') });
    const wrong = await open();
    await expect(wrong.apply({ candidatePer100k: TENTH }, 1, soon())).rejects.toThrow(/is not one that Bunting wrote/);
  });
});

describe('caddy', () => {
  test('takes no weight when someone else changes its configuration at the same moment', async ({ skip }) => {
    const started = await startLoadBalancer('caddy', 'what only Caddy can do', versions.ports);
    skip(started === undefined);
    balancer = started as LoadBalancer;
    const { target } = await startServer();
    const apply = (candidatePer100k: number) =>
      target.apply({ candidatePer100k }, 1, soon()).then(
        () => candidatePer100k,
        ({ code }) => code,
      );
    const outcomes = await Promise.all([TENTH, 20_000, 30_000, 40_000].map(apply));
    const won = outcomes.filter((outcome) => typeof outcome === 'number');
    expect(won.length).toBeGreaterThan(0);
    expect(outcomes.filter((outcome) => typeof outcome !== 'number')).toEqual(
      Array(4 - won.length).fill('unreachable'),
    );
    expect(won).toContain((await target.read(soon())).candidatePer100k);
  });
});
