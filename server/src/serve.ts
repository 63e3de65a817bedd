import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import type { Config } from './config/config.ts';

/** The system refused the address or port. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** Runs the server until SIGTERM or SIGINT, then drains it. A second signal exits at once. */
export async function serve(config: Config): Promise<void> {
  const app = await buildApp(config);
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      void stop(app, config.drainTimeoutMs, signal);
    });
  }
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await app.close();
    throw new ListenError(`Cannot listen: ${(error as Error).message}. Choose another address with --host or --port.`);
  }
  announce(app, config);
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

/** Tells the terminal, and a launcher that reads it, where the server is and what to do first. */
function announce(app: FastifyInstance, config: Config): void {
  const { firstKeys, setupToken } = app.bunting;
  const address = addressOf(app, config.host);
  const publicUrl = config.publicUrl ?? address;
  const lines = [`bunting: listening on ${address}`];
  if (setupToken !== undefined)
    lines.push(`bunting: create the owner account at ${publicUrl}/setup?token=${setupToken}`);
  if (firstKeys.length > 0) {
    lines.push('bunting: keys of the first project, shown only this once:');
    for (const { environment, kind, secret } of firstKeys) {
      lines.push(`bunting:   ${environment.padEnd(11)} ${kind} key  ${secret}`);
    }
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  // A wildcard is no address to go to.
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
