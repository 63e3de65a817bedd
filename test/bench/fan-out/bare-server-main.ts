import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Gauge, readGauge } from '../../processes/gauge.ts';
import { answer } from '../../processes/remote.ts';

/** The floor: a TCP server that knows nothing but to write the same bytes to every socket, in one loop. */
const sockets = new Set<Socket>();
const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => {});
  socket.resume();
});

const calls = {
  async listen(): Promise<string> {
    server.listen(0, '127.0.0.1', 4_096);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },

  write(bytes: Uint8Array): void {
    for (const socket of sockets) socket.write(bytes);
  },

  gauge: (): Gauge => readGauge(),
};
export type BareServerCalls = typeof calls;

answer(calls);
