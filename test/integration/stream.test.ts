import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { CLOSE } from '@bunting/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey, type NewKey } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { hello, openSocket } from '../processes/socket.ts';
import { waitFor } from '../processes/wait.ts';

let server: TestServer;
let key: NewKey;

beforeAll(async () => {
  server = await startServer();
  key = await makeKey(server.api, 'server');
  await makeFlag(server.api, { key: 'target', type: 'boolean' }, { enabled: true });
});
afterAll(() => server.remove());

describe.each([
  ['something that is not JSON', () => 'hello?', CLOSE.badMessage],
  ['JSON that is no message', () => [1, 2], CLOSE.badMessage],
  ['a receipt before the hello', () => ({ type: 'receipt' }), CLOSE.badMessage],
  ['a hello without a key', () => ({ ...hello(''), key: undefined }), CLOSE.badMessage],
  ['an unknown key', () => hello(`bnt_srv_${'A'.repeat(43)}`), CLOSE.keyRefused],
  ['a protocol of the future', () => hello(key.secret, { protocol: 99 }), CLOSE.protocolUnsupported],
])('%s', (_name, message, closeCode) => {
  test(`is closed with ${closeCode}, after an error in the API's form`, async () => {
    const socket = await openSocket(server.url);
    socket.send(message());
    expect(await socket.closed).toBe(closeCode);
    expect(socket.headers.at(-1)).toMatchObject({
      type: 'error',
      code: expect.stringMatching(/^[a-z_]+$/),
      message: expect.stringMatching(/\w+ \w+/),
      requestId: expect.any(String),
    });
  });
});

test('a message that is too large is refused, and the server lives', async () => {
  const socket = await openSocket(server.url);
  socket.send(`"${'x'.repeat(8_000_000)}"`);
  expect(await socket.closed).toBeGreaterThan(1_000);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test('another subprotocol is told so, in a frame that its client can read', async () => {
  const socket = await openSocket(server.url, 'bunting.v99');
  expect(await socket.closed).toBe(CLOSE.protocolUnsupported);
  expect(socket.headers.at(-1)).toMatchObject({ type: 'error', message: expect.stringContaining('bunting.v1') });
});

test('the data carry no key, and a connection that resumes gets changes instead of a snapshot', async () => {
  const first = await openSocket(server.url);
  first.send(hello(key.secret));
  await waitFor('the snapshot', () => first.headers.length > 0);
  expect(first.headers[0]).toMatchObject({ type: 'snapshot', revision: { number: expect.any(Number) } });
  expect(first.frames[0]).toContain('"target"');
  expect(first.frames[0]).not.toContain('bnt_');
  const have = first.headers[0]?.revision as { incarnation: string; number: number; hash: string };
  first.close();

  const { revision } = await changeFlag(server.api, 'target', { enabled: false });
  const second = await openSocket(server.url);
  second.send(hello(key.secret, { have }));
  await waitFor('the changes', () => second.headers.length > 0);
  expect(second.headers[0]).toMatchObject({ type: 'changes', from: have.number, revision });
  second.close();
});

test('a revision of another database is answered by a snapshot', async () => {
  const socket = await openSocket(server.url);
  socket.send(hello(key.secret, { have: { incarnation: 'somewhere-else', number: 3, hash: 'x' } }));
  await waitFor('an answer', () => socket.headers.length > 0);
  expect(socket.headers[0]).toMatchObject({ type: 'snapshot' });
  socket.close();
});

test('a server that drains says goodbye, finishes what is under way, and ends', async () => {
  const socket = await openSocket(server.url);
  socket.send(hello(key.secret));
  await waitFor('the snapshot', () => socket.headers.length > 0);
  const upload = await startUpload('/api/v1/projects/default/flags', JSON.stringify({ key: 'slow', type: 'boolean' }));

  const stopped = server.stop();
  expect(await socket.closed).toBe(CLOSE.serviceRestart);
  expect(socket.headers.at(-1)).toMatchObject({ type: 'goodbye', retryAfterMs: expect.any(Number) });
  expect(await upload.finish()).toBe(201);
  expect(await stopped).toBe(0);
  await server.restart();
  expect(await server.api.request('GET', '/projects/default/flags/slow')).toMatchObject({ status: 200 });
});

/** A request whose body is half sent: the server has it in hand. `finish` sends the rest and resolves with the status. */
async function startUpload(path: string, body: string): Promise<{ finish(): Promise<number | undefined> }> {
  const sent = request(`${server.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.adminKey}`,
      'content-type': 'application/json',
      'content-length': String(body.length),
    },
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  await new Promise<void>((resolve) => sent.write(body.slice(0, 10), () => resolve()));
  // Another request that comes back tells that this one has arrived.
  await server.api.call('GET', '/projects');
  return {
    finish: async () => {
      sent.end(body.slice(10));
      const [response] = await answered;
      response.resume();
      return response.statusCode;
    },
  };
}
