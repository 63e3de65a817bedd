import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Lets TCP through to the port of `target`, a URL, until it is cut; counts who came. */
export async function startGate(target: string) {
  const sockets = new Set<Socket>();
  const gate = {
    ...{ target, opened: 0, isOpen: true, port: 0 },
    /** Of a stream behind it. */
    url: '',
    /** Ends all connections, and lets nobody in. */
    cut: () => {},
    /** Nothing comes through the connections that there are, and nobody is told. New ones work. */
    freeze: () => {},
  };
  const server = createServer((socket) => {
    gate.opened += 1;
    if (!gate.isOpen) return void socket.destroy();
    const onward = connect(Number(new URL(gate.target).port), '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gate.port = (server.address() as { port: number }).port;
  gate.url = `ws://127.0.0.1:${gate.port}/stream`;
  gate.cut = () => {
    gate.isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  gate.freeze = () => {
    for (const socket of sockets) socket.unpipe().pause();
  };
  onTestFinished(() => {
    gate.cut();
    server.close();
  });
  return gate;
}
