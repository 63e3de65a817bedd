import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import { newApp } from '../http/new-app.ts';
import { Metrics } from '../metrics/metrics.ts';
import { Relay } from '../relay/relay.ts';
import { Stream } from '../stream/stream.ts';
import type { ToMain, ToWorker } from './protocol.ts';

/**
 * A worker process: a relay whose upstream is the main process, on this machine. It has no port of its own; the main
 * process hands it sockets. It lives no longer than the main process.
 */

type Start = Extract<ToWorker, { type: 'start' }>;
type Handed = Extract<ToWorker, { type: 'socket' }>;

/** The main process is near, and back soon when it restarts a worker. */
const TIMING = { backoffMinMs: 10, backoffMaxMs: 500, refusedMs: 500 };
/** Receipts wait this long for each other: they have a second hop to go. */
const BATCH_MS = 5;
/** What has ended is told this often at most. */
const TELL_ENDED_MS = 50;
const READY_POLL_MS = 5;

class Worker {
  readonly #relay: Relay;
  readonly #stream: Stream;
  readonly #metrics: Metrics;
  #ended = 0;

  constructor({ url, limits, logLevel, aliveEveryMs }: Start) {
    setInterval(() => tell({ type: 'alive' }), aliveEveryMs);
    const log = newApp({ logLevel, trustProxy: false }, { checkResponses: false }).log.child({ worker: process.pid });
    this.#relay = new Relay({ url, log, timing: TIMING, batchMs: BATCH_MS });
    const { rulesets, keys, origin } = this.#relay;
    this.#metrics = new Metrics(rulesets);
    const compiled = new CompiledRulesets(rulesets, origin.nowMs);
    const told = { receipts: this.#relay, telemetry: this.#relay, contexts: this.#relay.contexts };
    this.#stream = new Stream({ ...told, rulesets, keys, compiled, origin, log, metrics: this.#metrics }, limits);
  }

  follow(keys: readonly string[]): void {
    for (const key of keys) this.#relay.follow(key);
    const look = () => {
      if (this.#relay.keys.isComplete) tell({ type: 'ready' });
      else setTimeout(look, READY_POLL_MS);
    };
    look();
  }

  take({ url, headers, head }: Handed, socket: Socket): void {
    socket.once('close', () => {
      if (this.#ended === 0) setTimeout(() => this.#tellEnded(), TELL_ENDED_MS);
      this.#ended += 1;
    });
    const request = Object.assign(new IncomingMessage(socket), { method: 'GET', url, headers });
    this.#stream.upgrade(request, socket, Buffer.from(head, 'base64'));
  }

  /** Only what sockets do here: what is known of environments is the main process's to say. */
  async report(id: number): Promise<void> {
    const all = await this.#metrics.registry.getMetricsAsJSON();
    tell({ type: 'metrics', id, metrics: all.filter(({ name }) => name.startsWith('bunting_stream_')) });
  }

  async drain(): Promise<void> {
    await this.#stream.close();
    await this.#relay.close();
    process.exit(0);
  }

  #tellEnded(): void {
    tell({ type: 'ended', sockets: this.#ended });
    this.#ended = 0;
  }
}

function tell(message: ToMain): void {
  // What cannot be said any more is of no use to anyone.
  process.send?.(message, undefined, undefined, () => {});
}

let worker: Worker | undefined;

process.on('message', (message: ToWorker, socket: Socket | undefined) => {
  if (message.type === 'start') worker = new Worker(message);
  else if (message.type === 'follow') worker?.follow(message.keys);
  else if (message.type === 'metrics') void worker?.report(message.id);
  else if (message.type === 'drain') void worker?.drain();
  else if (socket !== undefined) worker?.take(message, socket);
});
process.on('disconnect', () => void (worker?.drain() ?? process.exit(0)));
// A terminal's interrupt reaches all processes of the group; the main process says when to end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
