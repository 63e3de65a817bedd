import type { AddressInfo } from 'node:net';
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

/**
 * Runs an app as the process until SIGTERM or SIGINT, then drains it. A second signal exits at once.
 * @returns where it listens, as a URL
 * @throws {ListenError}
 */
export async function runApp(app: FastifyInstance, { host, port, drainTimeoutMs }: RunConfig): Promise<string> {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      void stop(app, drainTimeoutMs, signal);
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

async function stop(app: FastifyInstance, drainTimeoutMs: number, signal: string): Promise<void> {
  app.log.info({ signal }, 'shutting down');
  const timer = setTimeout(() => {
    app.log.warn({ drainTimeoutMs }, 'requests or sockets did not end in time');
    process.exit(1);
  }, drainTimeoutMs);
  await app.close();
  clearTimeout(timer);
  process.exit(0);
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  // A wildcard is no address to go to.
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
