import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readAddressPolicy } from './address-policy.ts';
import { checkUrl, EgressRefused, send } from './send.ts';

const NOBODY = readAddressPolicy([]);

async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const get = (url: string) => ({ url, method: 'GET', headers: {}, timeoutMs: 1_000, maxAnswerBytes: 100 }) as const;

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
  'not an address',
])('%s is not on the public internet', (address) => {
  expect(NOBODY.allowsAddress(address)).toBe(false);
});

test.each(['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34'])('%s is', (address) => {
  expect(NOBODY.allowsAddress(address)).toBe(true);
});

test('an allow-list opens hosts, addresses and blocks, and nothing else', () => {
  const policy = readAddressPolicy(['10.0.0.0/8', 'hooks.internal', 'fd00::5']);
  expect(policy.allowsAddress('10.9.9.9')).toBe(true);
  expect(policy.allowsAddress('::ffff:10.9.9.9')).toBe(true);
  expect(policy.allowsAddress('fd00::5')).toBe(true);
  expect(policy.allowsAddress('fd00::6')).toBe(false);
  expect(policy.allowsAddress('192.168.0.1')).toBe(false);
  expect(policy.allowsHost('Hooks.Internal')).toBe(true);
  expect(() => readAddressPolicy(['10.0.0.0/99'])).toThrow(/is no host name, address or block/);
});

test.each([
  ['http://example.com', /no https URL/],
  ['ftp://example.com', /no https URL/],
  ['https://user:secret@example.com', /password/],
  ['https://127.0.0.1/x', /not on the public internet/],
  ['https://[::1]/x', /not on the public internet/],
  ['https://2130706433/', /not on the public internet/],
  ['https://0x7f.1/', /not on the public internet/],
  ['nonsense', /no URL/],
])('%s is refused with the fix', (url, message) => {
  expect(() => checkUrl(NOBODY, url)).toThrow(message);
});

test('a name that leads to a private address is refused when it is resolved', async () => {
  await expect(send(NOBODY, get('https://localhost:1/'))).rejects.toThrow(EgressRefused);
});

test('sends to what is allowed, and follows no redirect', async () => {
  const url = await listen((_request, response) =>
    response.writeHead(302, { location: 'http://10.0.0.1/' }).end('moved'),
  );
  const answer = await send(readAddressPolicy(['127.0.0.1']), get(url));
  expect(answer).toMatchObject({ status: 302, body: 'moved' });
});

test('reads no more of an answer than asked for', async () => {
  const url = await listen((_request, response) => response.end('x'.repeat(1_000_000)));
  const { body } = await send(readAddressPolicy(['127.0.0.1']), get(url));
  expect(body).toBe('x'.repeat(100));
});

test('gives up on who does not answer', async () => {
  const url = await listen(() => {});
  const sending = send(readAddressPolicy(['127.0.0.1']), { ...get(url), timeoutMs: 100 });
  await expect(sending).rejects.toThrow(/no answer within 100 ms/);
});
