import { createHmac } from 'node:crypto';
import { CLOSE, type EvaluationContext, SUBPROTOCOL, toCanonicalJson } from '@bunting/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startApp } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const PRODUCTION = '/projects/default/environments/production';
const PROOF = `${PRODUCTION}/context-proof`;
const context = { targetingKey: 'ann', plan: { name: 'pro', seats: [1, 2] } };

const sign = (secret: string, signed: EvaluationContext) =>
  createHmac('sha256', secret).update(toCanonicalJson(signed)).digest('hex');

async function start() {
  const server = await startApp();
  const { app, call } = server;
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean', clientVisible: true });
  const url = await listen(app);
  const key = async (kind: string) =>
    (await call('POST', `${PRODUCTION}/keys`, { kind, name: kind })).body.secret as string;
  const clientKey = await key('client');
  const makeSecret = async () => (await call('POST', `${PROOF}/secrets`)).body as { id: string; secret: string };
  const greet = (to: string, fields: object) => connect(to, hello(clientKey, fields));
  const ask = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${clientKey}`;
    const answer = await app.inject({
      method: 'POST',
      url: path,
      headers: { authorization, ...headers },
      payload: body,
    });
    return { status: answer.statusCode, code: answer.json().code };
  };
  return { ...server, url, key, clientKey, makeSecret, greet, ask };
}

test('without a setting a context need not be proved, and requiring it takes a secret first', async () => {
  const { call, makeSecret } = await start();
  expect((await call('GET', PROOF)).body).toEqual({ mode: 'off', secrets: [] });
  expect(await call('PUT', PROOF, { mode: 'required' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  const { id, secret } = await makeSecret();
  expect(secret).toMatch(/^bnt_ctx_[\w-]{43}$/);
  expect((await call('PUT', PROOF, { mode: 'required' })).body).toMatchObject({ mode: 'required', secrets: [{ id }] });
  expect(JSON.stringify((await call('GET', PROOF)).body)).not.toContain(secret);
  const { body } = await call('GET', '/audit?limit=2');
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual([
    'environment.context-proof.updated',
    'context-proof-secret.created',
  ]);
  expect(JSON.stringify(body)).not.toContain(secret);
});

test('a secret that was made is told also when the database is lost right after', async () => {
  const { app, call, makeSecret, ask } = await start();
  await makeSecret();
  await call('PUT', PROOF, { mode: 'required' });
  vi.spyOn(app.bunting.contextProofs, 'catchUp').mockRejectedValueOnce(new Error('the database is away'));
  const { secret } = await makeSecret();
  expect(secret).toMatch(/^bnt_ctx_/);
  const proof = { 'x-context-hash': sign(secret, context) };
  const enter = async () => (await ask('/ofrep/v1/evaluate/flags', { context }, proof)).status;
  await expect.poll(enter, { timeout: 10_000 }).toBe(200);
});

test('a page that must prove its context is let in by the right hash alone, whichever way it comes', async () => {
  const { call, url, makeSecret, greet, ask } = await start();
  const { secret } = await makeSecret();
  await call('PUT', PROOF, { mode: 'required' });
  const contextHash = sign(secret, context);
  const right = await greet(url, { context, contextHash });
  expect((await right.next('values')).values).toHaveProperty('a');
  for (const wrong of [
    { context, contextHash: undefined },
    { context, contextHash: sign('bnt_ctx_x', context) },
    { context: { ...context, targetingKey: 'bob' }, contextHash },
  ]) {
    const page = await greet(url, wrong);
    expect(await page.next('error')).toMatchObject({ code: 'context_refused' });
    expect(await page.closed).toMatchObject({ code: CLOSE.contextRefused });
    for (const path of ['/stream/values', '/stream/values/events']) {
      expect(await ask(path, wrong)).toEqual({ status: 403, code: 'context_refused' });
    }
    const headers: Record<string, string> =
      wrong.contextHash === undefined ? {} : { 'x-context-hash': wrong.contextHash };
    for (const path of ['', '/a']) {
      const answer = await ask(`/ofrep/v1/evaluate/flags${path}`, { context: wrong.context }, headers);
      expect(answer).toEqual({ status: 403, code: 'context_refused' });
    }
  }
  expect((await ask('/stream/values', { context, contextHash })).status).toBe(200);
  const evaluated = await ask('/ofrep/v1/evaluate/flags', { context }, { 'x-context-hash': contextHash });
  expect(evaluated.status).toBe(200);
});

test('a server key proves itself, and needs no proof', async () => {
  const { call, url, makeSecret, key } = await start();
  const serverKey = await key('server');
  await makeSecret();
  await call('PUT', PROOF, { mode: 'required' });
  const client = await connect(url, hello(serverKey));
  expect(await client.next('snapshot')).toBeDefined();
});

test('pages that are connected come anew when proofs are required, and when a secret is retired', async () => {
  const { call, url, makeSecret, greet } = await start();
  const unproved = await greet(url, { context });
  await unproved.next('values');
  const first = await makeSecret();
  await call('PUT', PROOF, { mode: 'required' });
  await unproved.next('goodbye');
  const second = await makeSecret();
  expect((await call('POST', `${PROOF}/secrets`)).body).toMatchObject({ code: 'conflict' });
  for (const { secret } of [first, second]) {
    const page = await greet(url, { context, contextHash: sign(secret, context) });
    await page.next('values');
  }
  const old = await greet(url, { context, contextHash: sign(first.secret, context) });
  await old.next('values');
  expect((await call('DELETE', `${PROOF}/secrets/${first.id}`)).status).toBe(204);
  await old.next('goodbye');
  const again = await greet(url, { context, contextHash: sign(first.secret, context) });
  expect(await again.closed).toMatchObject({ code: CLOSE.contextRefused });
  expect((await call('DELETE', `${PROOF}/secrets/${first.id}`)).status).toBe(404);
  expect((await call('DELETE', `${PROOF}/secrets/${second.id}`)).status).toBe(409);
  await call('PUT', PROOF, { mode: 'off' });
  expect((await call('DELETE', `${PROOF}/secrets/${second.id}`)).status).toBe(204);
  await (await greet(url, { context })).next('values');
});

test('a relay asks for the proof as well, also one that was there before', async () => {
  const { call, url, makeSecret, greet, key } = await start();
  const relay = await startRelay(url, { keys: [await key('relay')] });
  await expect.poll(async () => (await relay.readiness()).code).toBe(200);
  const page = await greet(relay.url, { context });
  await page.next('values');
  const { secret } = await makeSecret();
  await call('PUT', PROOF, { mode: 'required' });
  await page.next('goodbye');
  expect(await (await greet(relay.url, { context })).closed).toMatchObject({ code: CLOSE.contextRefused });
  await (await greet(relay.url, { context, contextHash: sign(secret, context) })).next('values');
});

test('a relay that does not know of proofs lets no page in where they are required', async () => {
  const { call, url, makeSecret, key } = await start();
  const relayKey = await key('relay');
  const kindsFor = async (fields: object) => {
    const socket = new WebSocket(url, SUBPROTOCOL);
    onTestFinished(() => socket.terminate());
    const text = await new Promise<string>((resolve) => {
      socket.once('message', (data) => resolve(data.toString()));
      socket.once('open', () => socket.send(JSON.stringify(hello(relayKey, fields))));
    });
    const { keys, proof } = JSON.parse(text) as { keys: { kind: string }[]; proof?: object };
    return { kinds: new Set(keys.map(({ kind }) => kind)), proof };
  };
  expect((await kindsFor({})).kinds).toContain('client');
  await makeSecret();
  await call('PUT', PROOF, { mode: 'required' });
  expect((await kindsFor({})).kinds).not.toContain('client');
  const present = await kindsFor({ accept: ['gzip', 'context-proof'] });
  expect(present).toMatchObject({ proof: { secrets: [expect.stringMatching(/^bnt_ctx_/)] } });
  expect(present.kinds).toContain('client');
});
