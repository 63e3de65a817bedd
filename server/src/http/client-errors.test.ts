import { connect, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { answerClientError, HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './client-errors.ts';

/** What is answered to bytes that are sent as they are. */
async function send(port: number, bytes: string): Promise<{ head: string; body: Record<string, unknown> }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, body: JSON.parse(body) };
}

test.each([
  ['no HTTP', 'EHLO example.com\r\n\r\n', 400, 'bad_request'],
  ['an address of 20 KB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431, 'headers_too_large'],
  ['a header of 20 KB', `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
  ['an expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n', 417, 'expectation_failed'],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
    'bad_request',
  ],
])('%s is answered in the form of all errors', async (_name, bytes, status, code) => {
  const { app } = await startApp();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server listens nowhere');
  const { head, body } = await send(address.port, bytes);
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain(`x-request-id: ${body.requestId}`);
  expect(body).toEqual({ code, message: expect.stringMatching(/\w+ \w+/), requestId: expect.any(String) });
});

test('who sends slowly is waited for so long, and told', async () => {
  const { app } = await startApp();
  expect([app.server.headersTimeout, app.server.requestTimeout]).toEqual([HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS]);
  const written: string[] = [];
  class Slow extends Socket {
    override readonly writable = true;
    override write(text: unknown): boolean {
      written.push(String(text));
      return true;
    }
  }
  const socket = new Slow();
  answerClientError(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
  expect(written.join('')).toMatch(/^HTTP\/1.1 408 Request Timeout[\s\S]*"code":"request_timeout"/);
  expect(socket.destroyed).toBe(true);
});
