import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listenToBunting } from './admin.ts';
import { Division } from './division.ts';
import { forwardTo } from './forward.ts';

const secret = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return addressOf(server);
}

function addressOf(server: Server): string {
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A router between two shops that say who they are; the candidate fails where it is asked to. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'shop-router-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'state.json');
  const division = new Division(file);
  const shop =
    (name: string): RequestListener =>
    (request, response) =>
      response
        .writeHead(request.url === '/fails' ? 500 : 200, {
          'set-cookie': 'own=1',
          'x-bucket': String(request.headers['bunting-bucket']),
        })
        .end(name);
  const sides = { baseline: await listen(shop('baseline')), candidate: await listen(shop('candidate')) };
  const url = await listen(forwardTo(sides, division));
  const config = { ROUTER_ADMIN_PORT: 0, ROUTER_SECRET: secret };
  const admin = addressOf(await listenToBunting(division, sides, config));
  const get = (path: string, bucket?: string) =>
    fetch(url + path, { headers: bucket === undefined ? {} : { cookie: `bunting_bucket=${bucket}` } });
  const ask = async (method: 'GET' | 'POST', body = '', sign = secret) => {
    const [id, timestamp] = ['msg_1', String(Math.floor(Date.now() / 1_000))];
    const key = Buffer.from(sign.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    const response = await fetch(admin, { method, headers, ...(body === '' ? {} : { body }) });
    return { status: response.status, body: (await response.json()) as object };
  };
  return { file, sides, division, get, ask };
}

test('who holds the release divides visitors by their bucket, and nobody with less', async () => {
  const { get, ask, file } = await start();
  expect(await (await get('/', '00000')).text()).toBe('baseline');
  expect((await ask('POST', '{"candidatePer100k":20000,"fence":2}')).status).toBe(200);
  expect(await (await get('/', '19999')).text()).toBe('candidate');
  expect(await (await get('/', '20000')).text()).toBe('baseline');
  expect((await ask('POST', '{"candidatePer100k":100000,"fence":1}')).status).toBe(409);
  expect((await ask('POST', '{"candidatePer100k":100000,"fence":3}', `whsec_${'A'.repeat(44)}`)).status).toBe(401);
  expect((await ask('POST', '{"candidatePer100k":200000,"fence":3}')).status).toBe(400);
  expect((await ask('GET')).body).toMatchObject({
    candidatePer100k: 20_000,
    fence: 2,
    up: { candidate: 1, baseline: 1 },
  });
  expect(new Division(file).candidatePer100k).toBe(20_000);
});

test('a lease that is over leaves nobody at the candidate', async () => {
  const { get, ask } = await start();
  await ask('POST', JSON.stringify({ candidatePer100k: 100_000, fence: 1, notAfterMs: Date.now() - 1 }));
  expect(await (await get('/', '00000')).text()).toBe('baseline');
  expect((await ask('GET')).body).toMatchObject({ candidatePer100k: 0 });
});

test('whoever comes for the first time is given a bucket, beside what the shop gives', async () => {
  const { get } = await start();
  const response = await get('/');
  const bucket = response.headers.get('x-bucket');
  expect(response.headers.getSetCookie()).toEqual([
    'own=1',
    expect.stringMatching(new RegExp(`^bunting_bucket=${bucket}; `)),
  ]);
  expect((await get('/', '12345')).headers.getSetCookie()).toEqual(['own=1']);
});

test('errors of each side are counted, also where nobody is', async () => {
  const { get, ask, division, sides } = await start();
  await get('/fails', '00000');
  await get('/', '00000');
  expect((await ask('GET')).body).toMatchObject({ counts: { baseline: { requests: 2, errors: 1 } } });
  const away = forwardTo({ ...sides, baseline: 'http://127.0.0.1:1' }, division);
  expect((await fetch(await listen(away))).status).toBe(503);
  expect(division.counts.baseline).toEqual({ requests: 3, errors: 2 });
});
