import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CLOSE, encode, type HelloMessage, type Ruleset, type SnapshotMessage } from '@bunting/core';
import { WebSocketServer } from 'ws';
import { itemsOf } from './load.ts';

/** Serves rulesets over real sockets, each to the clients that come with its key, as one snapshot. */
export class RulesetServer {
  readonly #server: WebSocketServer;
  readonly #frames = new Map<string, string>();

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      socket.once('message', (data) => {
        const { key } = JSON.parse(data.toString()) as HelloMessage;
        const frame = this.#frames.get(key);
        if (frame === undefined) socket.close(CLOSE.keyRefused);
        else socket.send(frame);
      });
    });
  }

  static async start(): Promise<RulesetServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new RulesetServer(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Returns the key that gets this ruleset. `nowMs` is what the origin's clock says, milliseconds since 1970, UTC;
   * `vouchAgeMs` how long ago it looked after what is leased.
   */
  offer(ruleset: Ruleset, nowMs: number, vouchAgeMs?: number): string {
    const key = `key-${this.#frames.size}`;
    this.#frames.set(
      key,
      encode({ ...snapshotOf(ruleset, nowMs), ...(vouchAgeMs === undefined ? {} : { vouchAgeMs }) }),
    );
    return key;
  }

  async stop(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function snapshotOf(ruleset: Ruleset, timeMs: number): SnapshotMessage {
  const { revision, committedAtMs = timeMs, kills = [] } = ruleset;
  return { type: 'snapshot', revision, committedAtMs, timeMs, kills, items: itemsOf(ruleset) };
}
