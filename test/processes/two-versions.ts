import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Side = 'baseline' | 'candidate';

/** Two versions of a service that say who they are, in this process. */
export class TwoVersions {
  readonly ports: Readonly<Record<Side, number>>;
  /** Requests that each got copies of. */
  readonly shadows: Record<Side, number> = { baseline: 0, candidate: 0 };
  /** The share of requests that each answers with 500, 0 to 1. */
  readonly failing: Record<Side, number> = { baseline: 0, candidate: 0 };
  readonly #servers: readonly Server[];

  private constructor(servers: Readonly<Record<Side, Server>>) {
    this.#servers = Object.values(servers);
    for (const side of ['baseline', 'candidate'] as const) servers[side].on('request', this.#answer(side));
    const portOf = (server: Server) => (server.address() as AddressInfo).port;
    this.ports = { baseline: portOf(servers.baseline), candidate: portOf(servers.candidate) };
  }

  static async start(): Promise<TwoVersions> {
    const servers = { baseline: createServer(), candidate: createServer() };
    for (const server of Object.values(servers)) await once(server.listen(0, '127.0.0.1'), 'listening');
    return new TwoVersions(servers);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  }

  #answer(side: Side): RequestListener {
    return (request, response) => {
      if (request.headers['bunting-shadow'] !== undefined) this.shadows[side]++;
      const isHealthCheck = request.url === '/healthz';
      const status = !isHealthCheck && Math.random() < this.failing[side] ? 500 : 200;
      const bucket = String(request.headers['bunting-bucket'] ?? '');
      response.writeHead(status, { 'x-side': side, 'x-bucket': bucket }).end(side);
    };
  }
}
