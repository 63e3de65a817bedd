import type { AddressInfo, Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';

/** The system refused the address or port. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface RunConfig {
  readonly host: string;
  readonly port: number;
  readonly drainTimeoutMs: number;
}

/** When all connections are ended, how long the app may take to store what it has and close, in milliseconds. */
const CLOSE_MS = 10_000;

/**
 * Runs an app as the process until SIGTERM or SIGINT, then drains it. A second signal exits at once. Clients that do not end
 * in time are cut off: who has sent half a request, or gone without a word, must not make a good end a bad one.
 * @returns where it listens, as a URL
 * @throws {ListenError}
 */
export async function runApp(app: FastifyInstance, { host, port, drainTimeoutMs }: RunConfig): Promise<string> {
  const sockets = openSockets(app);
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      void stop(app, { sockets, drainTimeoutMs, signal });
    });
  }
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new ListenError(`Cannot listen: ${(error as Error).message}. Choose another address with --host or --port.`);
  }
  return addressOf(app, host);
}

interface Stopping {
  readonly sockets: ReadonlySet<Socket>;
  readonly drainTimeoutMs: number;
  readonly signal: string;
}

async function stop(app: FastifyInstance, { sockets, drainTimeoutMs, signal }: Stopping): Promise<void> {
  app.log.info({ signal }, 'shutting down');
  const cut = setTimeout(() => {
    if (sockets.size === 0) return;
    app.log.warn({ drainTimeoutMs, connections: sockets.size }, 'connections did not end in time, and are cut');
    for (const socket of sockets) socket.destroy();
  }, drainTimeoutMs);
  const giveUp = setTimeout(() => {
    app.log.error({ timeoutMs: CLOSE_MS }, 'what is in memory could not be stored in time, and is given up');
    process.exit(1);
  }, drainTimeoutMs + CLOSE_MS);
  await app.close();
  clearTimeout(cut);
  clearTimeout(giveUp);
  process.exit(0);
}

/** The connections of an app, whatever has become of them: requests, and WebSockets. */
function openSockets({ server }: FastifyInstance): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  // One for all: there may be very many.
  function forget(this: Socket): void {
    sockets.delete(this);
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', forget);
  });
  return sockets;
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  // A wildcard is no address to go to.
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
