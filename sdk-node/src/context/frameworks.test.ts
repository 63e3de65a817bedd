import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Evaluations } from '../flags.ts';
import { rolloutFlag } from '../test/documents.ts';
import { createTestFlags } from '../testing/test-flags.ts';
import { buntingExpress } from './express.ts';
import { buntingFastify } from './fastify.ts';
import { currentContext } from './scope.ts';

declare module 'fastify' {
  interface FastifyRequest {
    flags: Evaluations;
    user?: string;
  }
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const everyone = { all: rolloutFlag('all', 100_000) };

describe('the plug-in for Fastify', () => {
  async function startApp(context: (request: FastifyRequest) => { targetingKey?: string }) {
    const flags = createTestFlags(everyone);
    const lines: string[] = [];
    const app = fastify();
    cleanups.push(() => app.close());
    app.addHook('preHandler', async (request) => {
      request.user = String(request.headers.authorization ?? '');
    });
    await app.register(buntingFastify(flags, { context, logger: { error: (line) => lines.push(line) } }));
    app.post('/', async (request) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { on: request.flags.isEnabled('all'), current: currentContext() ?? null };
    });
    await app.listen({ port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const post = async (user: string) => {
      const headers = { authorization: user, 'content-type': 'application/json' };
      const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: '{"n":1}' });
      return response.json();
    };
    return { app, post, lines, flags };
  }

  it('lets each request be evaluated for its own context, also after its body was read', async () => {
    const { post } = await startApp(({ user }) => ({ targetingKey: user ?? '' }));
    const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    const answers = await Promise.all(users.map(post));
    expect(answers).toEqual(users.map((user) => ({ on: true, current: { targetingKey: user } })));
  });

  it('answers before authentication for what is known by then, and does not keep that', async () => {
    const { app, flags } = await startApp(({ user }) => (user === undefined ? {} : { targetingKey: user }));
    const early: boolean[] = [];
    const child = fastify();
    cleanups.push(() => child.close());
    child.addHook('onRequest', async (request) => void early.push(request.flags.isEnabled('all')));
    child.addHook('preHandler', async (request) => {
      request.user = 'ann';
    });
    await child.register(buntingFastify(flags, { context: ({ user }: FastifyRequest) => ({ targetingKey: user }) }));
    child.get('/', async (request) => request.flags.isEnabled('all'));
    expect((await child.inject('/')).json()).toBe(true);
    expect(early).toEqual([false]);
    expect(app.hasRequestDecorator('flags')).toBe(true);
  });

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no user');
      },
      'no user',
    ],
    ['is async', async () => ({ targetingKey: 'ann' }), 'must not be async'],
    ['returns nothing', () => undefined, 'must return an object'],
  ])('answers the default when the context %s, and logs why', async (_, context, line) => {
    const { post, lines } = await startApp(context as never);
    expect(await post('ann')).toEqual({ on: false, current: {} });
    expect(lines).toEqual([expect.stringContaining(line)]);
  });
});

it('the middleware gives the request its flags and what follows its context', async () => {
  const flags = createTestFlags(everyone);
  const context = ({ headers }: IncomingMessage) => ({ targetingKey: String(headers.authorization) });
  const middleware = buntingExpress(flags, { context });
  const server = createServer((request, response) => {
    middleware(request, response, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const { flags: own } = request as IncomingMessage & { flags: Evaluations };
      response.end(JSON.stringify({ on: own.isEnabled('all'), current: currentContext() }));
    });
  });
  cleanups.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const get = async (user: string) =>
    (await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: user } })).json();
  expect(await Promise.all(['ann', 'ben'].map(get))).toEqual([
    { on: true, current: { targetingKey: 'ann' } },
    { on: true, current: { targetingKey: 'ben' } },
  ]);
});

describe('the traffic bucket', () => {
  const ranges = [{ variant: 'on', from: 0, to: 50_000 }];
  const split = { by: 'trafficBucket', bucketer: 'given', ranges };
  const half = { half: { ...rolloutFlag('half', 0), defaultRule: { split } } };
  const options = { context: () => ({ targetingKey: 'ann' }), trafficBucket: true };

  async function startFastify() {
    const app = fastify();
    cleanups.push(() => app.close());
    await app.register(buntingFastify(createTestFlags(half), options));
    app.get('/', async (request, reply) => {
      reply.header('set-cookie', 'own=1');
      return { half: request.flags.isEnabled('half'), bucket: currentContext()?.trafficBucket };
    });
    await app.listen({ port: 0 });
    return (app.server.address() as AddressInfo).port;
  }

  async function startExpress() {
    const middleware = buntingExpress(createTestFlags(half), options);
    const server = createServer((request, response) => {
      response.appendHeader('set-cookie', 'own=1');
      middleware(request, response, () => {
        const { flags: own } = request as IncomingMessage & { flags: Evaluations };
        response.end(JSON.stringify({ half: own.isEnabled('half'), bucket: currentContext()?.trafficBucket }));
      });
    });
    cleanups.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, resolve));
    return (server.address() as AddressInfo).port;
  }

  it.each([
    ['Fastify', startFastify],
    ['Express', startExpress],
  ])('%s: is what the load balancer says, else the cookie, else a new one that stays', async (_, start) => {
    const port = await start();
    const get = async (headers: Record<string, string>) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { headers });
      return {
        ...((await response.json()) as { half: boolean; bucket: string }),
        cookies: response.headers.getSetCookie(),
      };
    };
    const told = await get({ 'bunting-bucket': '49999', cookie: 'a=b; bunting_bucket=50000' });
    expect(told).toEqual({ half: true, bucket: '49999', cookies: ['own=1'] });
    const kept = await get({ 'bunting-bucket': 'x', cookie: 'a=b; bunting_bucket=50000' });
    expect(kept).toEqual({ half: false, bucket: '50000', cookies: ['own=1'] });
    for (const cookie of ['', 'bunting_bucket=5', 'xbunting_bucket=50000', 'bunting_bucket=500000']) {
      const { bucket, cookies } = await get({ cookie });
      expect(bucket).toMatch(/^\d{5}$/);
      const given = cookies.find((text: string) => text.startsWith('bunting_bucket='));
      expect(given).toBe(`bunting_bucket=${bucket}; Path=/; Max-Age=31536000; SameSite=Lax`);
      expect(await get({ cookie: `bunting_bucket=${bucket}` })).toMatchObject({
        bucket,
        half: Number(bucket) < 50_000,
      });
    }
  });
});
