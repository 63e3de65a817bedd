import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { AggregatorRegistry } from 'prom-client';
import { hashSecret, newSecret } from '../access/secrets.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { StreamLimits } from '../stream/limits.ts';
import type { Stream } from '../stream/stream.ts';
import { STREAM_PATH } from '../stream/upgrade.ts';
import { WorkerProcess } from './worker-process.ts';

export interface WorkersOptions {
  readonly count: number;
  readonly stream: Stream;
  readonly rulesets: Rulesets;
  readonly keys: KeyRing;
  readonly metrics: Metrics;
  readonly limits: StreamLimits;
  readonly log: FastifyBaseLogger;
  /** How often workers are looked at; 5 000 without it. */
  readonly lookEveryMs?: number;
}

/** How long a worker waits to be restarted: doubled each time, from the first to the second. */
const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 10_000;
/** One that has run for this long has not died at its start. */
const STEADY_MS = 30_000;
/** Workers say twice as often that they live. */
const LOOK_EVERY_MS = 5_000;
/** Beyond what the stream itself takes to close. */
const DRAIN_MARGIN_MS = 2_000;

/**
 * Processes that divide the sockets of the stream among them, each using a core of its own. This process keeps HTTP, the
 * API and the database; a worker is a relay that follows it over loopback, with keys that live as long as the process.
 */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #workers = new Set<WorkerProcess>();
  /** The relay key of each environment. */
  readonly #keys = new Map<string, string>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  /** Where workers follow this process: only it, only on this machine. */
  readonly #server: Server = createServer((_request, response) => response.writeHead(404).end());
  #isClosed = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
    options.keys.onChange((environmentId) => {
      if (environmentId !== null) this.#follow(environmentId);
    });
    options.rulesets.onRemove(({ environmentId }) => {
      options.keys.revoke(idOf(environmentId));
      this.#keys.delete(environmentId);
    });
    options.stream.attach(this.#server);
  }

  /** Resolves when each is ready to take sockets, or has failed to start: this process serves until there is one. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    for (const { environmentId } of this.#options.rulesets.all()) this.#follow(environmentId);
    const ready = Array.from(
      { length: this.#options.count },
      () => new Promise<void>((resolve) => this.#spawn(0, resolve)),
    );
    await Promise.all(ready);
  }

  /** Gives an upgrade to the worker with the fewest sockets. While there is none, this process serves it itself. */
  readonly handOver = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    let chosen: WorkerProcess | undefined;
    for (const worker of this.#workers) {
      if (worker.isReady && (chosen === undefined || worker.sockets < chosen.sockets)) chosen = worker;
    }
    if (chosen === undefined || this.#isClosed) this.#options.stream.upgrade(request, socket, head);
    else chosen.handOver(request, socket as Socket, head);
  };

  /** The workers' metrics of the stream added to this process's. */
  async metrics(): Promise<string> {
    const own = await this.#options.metrics.registry.getMetricsAsJSON();
    const others = await Promise.all([...this.#workers].map((worker) => worker.metrics()));
    return AggregatorRegistry.aggregate([own, ...others]).metrics();
  }

  /** Their sockets are told to go elsewhere, then they end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    const timeoutMs = this.#options.limits.closeTimeoutMs + DRAIN_MARGIN_MS;
    await Promise.all([...this.#workers].map((worker) => worker.drain(timeoutMs)));
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #spawn(failures: number, onReady: () => void = () => {}): void {
    const { log, lookEveryMs = LOOK_EVERY_MS } = this.#options;
    const startedMs = performance.now();
    const worker = new WorkerProcess({ lookEveryMs, onReady });
    this.#workers.add(worker);
    const { port } = this.#server.address() as AddressInfo;
    worker.tell({
      type: 'start',
      url: `ws://127.0.0.1:${port}${STREAM_PATH}`,
      limits: this.#share(),
      logLevel: log.level,
      aliveEveryMs: lookEveryMs / 2,
    });
    worker.tell({ type: 'follow', keys: [...this.#keys.values()] });
    void worker.ended.then((how) => {
      this.#workers.delete(worker);
      onReady();
      if (this.#isClosed) return;
      const next = performance.now() - startedMs > STEADY_MS ? 0 : failures;
      const delayMs = Math.min(RESTART_MAX_MS, RESTART_MIN_MS * 2 ** next);
      log.error(
        { worker: worker.pid, exit: how, sockets: worker.sockets, delayMs },
        'a worker has died; it is restarted',
      );
      const timer = setTimeout(() => {
        this.#restarts.delete(timer);
        this.#spawn(next + 1, onReady);
      }, delayMs);
      this.#restarts.add(timer);
    });
  }

  /** What is set for the whole, divided. */
  #share(): StreamLimits {
    const { limits, count } = this.#options;
    const { admitsPerSecond, snapshotBytesPerSecond } = limits;
    return {
      ...limits,
      admitsPerSecond: admitsPerSecond / count,
      snapshotBytesPerSecond: snapshotBytesPerSecond / count,
    };
  }

  /**
   * Opens an environment to the workers, once. Its keys may be here before what it serves is: the workers come back until
   * it is.
   */
  #follow(environmentId: string): void {
    const { rulesets, keys } = this.#options;
    const isThere = rulesets.get(environmentId) !== undefined || keys.ofEnvironment(environmentId).length > 0;
    if (!isThere || this.#keys.has(environmentId)) return;
    const secret = newSecret();
    this.#keys.set(environmentId, secret);
    const id = idOf(environmentId);
    keys.add(hashSecret(secret), { id, kind: 'relay', name: id, environmentId, isWorker: true });
    for (const worker of this.#workers) worker.tell({ type: 'follow', keys: [secret] });
  }
}

/** The id of the key by which workers follow an environment. */
function idOf(environmentId: string): string {
  return `worker:${environmentId}`;
}
