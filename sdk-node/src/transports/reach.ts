import type { ClientRequest } from 'node:http';
import type { Fault } from './transport.ts';

/**
 * Makes the socket of a request one that does not keep the process alive, from before it is connected.
 * @returns what it says about the transport when the request fails now
 */
export function watchSocket(request: ClientRequest): () => Fault {
  let isConnected = false;
  request.on('socket', (socket) => {
    socket.unref();
    isConnected = request.reusedSocket;
    if (isConnected) return;
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
      isConnected = true;
    });
  });
  return () => (isConnected ? 'broken' : 'unreachable');
}

/** Node reports a host that refuses on all its addresses as an error without a message, but with a code. */
export function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
