import { type HelloMessage, PROTOCOL_VERSION } from '@bunting/core';
import { expect, it, vi } from 'vitest';
import { startServer } from '../test/live-client.ts';
import type { TransportOwner } from './transport.ts';
import { WebSocketTransport } from './web-socket.ts';

it('is finished at once where the connection is gone already', async () => {
  const server = await startServer();
  const lost = vi.fn<TransportOwner['lost']>();
  const owner = { opened: () => {}, deliver: () => {}, inform: () => {}, heard: () => {}, fail: () => {}, lost };
  const hello: HelloMessage = {
    ...{ type: 'hello', protocol: PROTOCOL_VERSION, key: 'k', have: null },
    ...{ sdk: { name: 'test', version: '0' }, instance: { id: 'i' } },
  };
  const url = server.url.replace('http', 'ws');
  const transport = new WebSocketTransport({ url, hello, pollIntervalMs: 1_000 }, owner);
  (await server.next()).close(1001);
  await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce());
  await transport.finish();
});
