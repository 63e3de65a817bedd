import { expect, test } from 'vitest';
import { internalUrlOf } from './internal-url.ts';

const address = { address: '::', family: 'IPv6', port: 4242 };

test.each([
  ['http://flags-1:80', '0.0.0.0', 'http://flags-1:80'],
  [undefined, '127.0.0.1', 'http://127.0.0.1:4242'],
  [undefined, 'flags.internal', 'http://flags.internal:4242'],
  [undefined, '::1', 'http://[::1]:4242'],
])('configured as %j and listening on %s it is %s', (configured, host, url) => {
  expect(internalUrlOf(configured, host, address)).toBe(url);
});

test.each(['0.0.0.0', '::'])('a server that listens on %s names an address that others can reach', (host) => {
  const { hostname, port } = new URL(internalUrlOf(undefined, host, address));
  expect(port).toBe('4242');
  expect(['0.0.0.0', '[::]', '127.0.0.1', '[::1]', 'localhost']).not.toContain(hostname);
});
