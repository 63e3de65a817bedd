import { askCollectedGauge, askGauge, gaugePreload } from '../processes/ask-gauge.ts';
import { changeFlag, makeFlag, makeKey } from '../processes/flags.ts';
import { type Crowd, Fleet, whyNotSoMany } from '../processes/fleet.ts';
import type { Gauge } from '../processes/gauge.ts';
import { startServer, type TestServer } from '../processes/server.ts';

const flagKey = 'toggled';

/** A real server with a flag to toggle, and a fleet of raw clients to be its instances. */
export class CrowdedServer {
  readonly server: TestServer;
  readonly fleet: Fleet;
  /** Opens the stream. */
  readonly key: string;
  #isOn = false;

  private constructor(server: TestServer, key: string, fleet: Fleet) {
    this.server = server;
    this.key = key;
    this.fleet = fleet;
  }

  /** @param clientProcesses over which the clients are spread */
  static async start(clientProcesses: number): Promise<CrowdedServer> {
    const server = await startServer({ preloads: [gaugePreload] });
    try {
      await makeFlag(server.api, { key: flagKey, type: 'boolean' });
      const { secret } = await makeKey(server.api, 'server');
      return new CrowdedServer(server, secret, new Fleet(clientProcesses));
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** Opens instances as fast as the server takes them. */
  open(count: number, options: { readonly receipts: boolean }): Promise<{ crowd: Crowd; tookMs: number }> {
    return this.fleet.open({ url: this.server.url, key: this.key, count, ...options });
  }

  /** Changes the flag; resolves with the number of the revision that serves the change. */
  async toggle(): Promise<number> {
    this.#isOn = !this.#isOn;
    return (await changeFlag(this.server.api, flagKey, { enabled: this.#isOn })).revision.number;
  }

  /** Of the server's process; `collected`: after a garbage collection. */
  gauge(options: { readonly collected?: boolean } = {}): Promise<Gauge> {
    return (options.collected ? askCollectedGauge : askGauge)(this.server.child);
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
    await this.server.remove();
  }
}

/** @throws {Error} that says how to let so many sockets be opened */
export function requireDescriptors(socketsPerProcess: number): void {
  const reason = whyNotSoMany(socketsPerProcess);
  if (reason !== undefined) throw new Error(reason);
}
