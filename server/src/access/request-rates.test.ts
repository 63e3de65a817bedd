import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ADMIN_KEY, startApp, type TestServerOptions, toAnswer } from '../testing/start-app.ts';
import { RequestRates } from './request-rates.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const bounds = { requestsPerCallerPerSecond: 2, requestsPerAddressPerSecond: 1 };

describe('a quota', () => {
  test('is two seconds of requests at once, then so many a second, and tells what is left', () => {
    const rates = new RequestRates({ requestsPerCallerPerSecond: 5, requestsPerAddressPerSecond: 0 });
    const take = () => rates.take('caller', 'user:1');
    expect(take()).toEqual({ 'ratelimit-policy': '"caller";q=10;w=2', ratelimit: '"caller";r=9;t=1' });
    for (let left = 8; left >= 0; left--) expect(take()?.ratelimit).toContain(`;r=${left};`);
    expect(take).toThrow(expect.objectContaining({ code: 'rate_limited' }));
    vi.advanceTimersByTime(1_000);
    for (let left = 4; left >= 0; left--) expect(take()?.ratelimit).toContain(`;r=${left};`);
    expect(take).toThrow(
      expect.objectContaining({
        headers: expect.objectContaining({ 'retry-after': '1', ratelimit: '"caller";r=0;t=2' }),
      }),
    );
  });

  test('is unbounded, and says nothing, where the bound is 0', () => {
    const rates = new RequestRates({ requestsPerCallerPerSecond: 0, requestsPerAddressPerSecond: 0 });
    for (let i = 0; i < 1_000; i++) expect(rates.take('address', '192.0.2.1')).toBeUndefined();
  });
});

async function start(options: TestServerOptions = {}) {
  const server = await startApp({ ...options, config: { ...bounds, ...options.config } });
  const ask = async (headers: Record<string, string>, remoteAddress = '192.0.2.1', path = '/projects') =>
    toAnswer(await server.app.inject({ url: `/api/v1${path}`, headers, remoteAddress }));
  return { ...server, ask };
}

const admin = { authorization: `Bearer ${ADMIN_KEY}` };
const nobody = { authorization: `Bearer bnt_pat_${'x'.repeat(43)}` };
const KILL = '/projects/default/flags/a/environments/production/kill';

describe('the API', () => {
  test('answers 429 with Retry-After to who asks too fast, and to nobody else', async () => {
    const { ask, call } = await start();
    const { id } = (await call('POST', '/service-accounts', { name: 'robot' })).body;
    const { secret } = (await call('POST', `/service-accounts/${id}/tokens`, { name: 'x', expiresInDays: null })).body;
    const robot = { authorization: `Bearer ${secret}` };
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await ask(robot, '192.0.2.9', '/roles')).status);
    expect(statuses).not.toContain(429);
    const refused = await ask(robot, '192.0.2.10', '/roles');
    expect(refused).toMatchObject({
      status: 429,
      body: {
        code: 'rate_limited',
        message: expect.stringContaining('at most 2 a second'),
        requestId: expect.any(String),
      },
      headers: { 'retry-after': '1', ratelimit: '"caller";r=0;t=2', 'ratelimit-policy': '"caller";q=4;w=2' },
    });
    expect((await ask(admin)).status).toBe(200);
    vi.advanceTimersByTime(500);
    expect((await ask(robot, '192.0.2.9', '/roles')).status).not.toBe(429);
  });

  test('takes a kill also from who has asked too fast, but not without bound', async () => {
    const { call } = await start();
    await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
    let status = 0;
    while (status !== 429) ({ status } = await call('GET', '/projects'));
    for (let i = 0; i < 4; i++) expect((await call('POST', KILL, { reason: 'x' })).status).toBe(200);
    expect(await call('POST', KILL, { reason: 'x' })).toMatchObject({
      status: 429,
      headers: { 'ratelimit-policy': '"kills";q=4;w=2' },
    });
  });

  test('bounds what comes from an address without a valid credential, and lets in who has one', async () => {
    const { ask } = await start();
    for (let i = 0; i < 2; i++) expect((await ask(nobody)).status).toBe(401);
    expect((await ask(nobody)).status).toBe(429);
    expect((await ask({}, '192.0.2.1', '/setup')).status).toBe(429);
    expect((await ask(nobody, '192.0.2.2')).status).toBe(401);
    expect((await ask(admin)).status).toBe(200);
  });

  test('bounds SCIM as well, in its form', async () => {
    const { app } = await start();
    const ask = async () => toAnswer(await app.inject({ url: '/scim/v2/Users', headers: nobody }));
    for (let i = 0; i < 2; i++) expect((await ask()).status).toBe(401);
    expect(await ask()).toMatchObject({ status: 429, body: { status: '429' }, headers: { 'retry-after': '1' } });
  });
});

describe('an address', () => {
  const via = (forwarded: string) => ({ ...nobody, 'x-forwarded-for': forwarded });

  test('cannot be made up in X-Forwarded-For where no proxy is trusted', async () => {
    const { ask } = await start();
    for (const made of ['198.51.100.1', '198.51.100.2']) expect((await ask(via(made))).status).toBe(401);
    expect((await ask(via('198.51.100.3'))).status).toBe(429);
  });

  test('is the last one that a trusted proxy saw, whatever its client wrote before it', async () => {
    const { ask } = await start({ config: { trustProxy: '10.0.0.0/8' } });
    for (const made of ['198.51.100.1', '10.0.0.9']) {
      expect((await ask(via(`${made}, 192.0.2.7`), '10.0.0.1')).status).toBe(401);
    }
    expect((await ask(via('198.51.100.3, 192.0.2.7'), '10.0.0.1')).status).toBe(429);
    // Over two proxies, and another client.
    expect((await ask(via('192.0.2.7, 10.0.0.2'), '10.0.0.1')).status).toBe(429);
    expect((await ask(via('192.0.2.8'), '10.0.0.1')).status).toBe(401);
    // Who is no proxy is not believed.
    for (let i = 0; i < 2; i++) expect((await ask(via(`192.0.2.${i + 20}`), '203.0.113.5')).status).toBe(401);
    expect((await ask(via('192.0.2.30'), '203.0.113.5')).status).toBe(429);
  });

  test('counts with its whole /64', async () => {
    const { ask } = await start();
    for (const address of ['2001:db8::1', '2001:db8::2']) expect((await ask(nobody, address)).status).toBe(401);
    expect((await ask(nobody, '2001:db8:0:0:ffff::3')).status).toBe(429);
    expect((await ask(nobody, '2001:db8:0:1::3')).status).toBe(401);
  });
});
