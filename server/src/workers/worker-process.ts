import { type ChildProcess, fork } from 'node:child_process';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ToMain, ToWorker } from './protocol.ts';

/** From the sources or from what was built of them, as this file itself. */
const PROGRAM = fileURLToPath(
  new URL(`./worker-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/** A worker that has said nothing for so many looks in a row hangs, and is killed. */
const MAX_SILENT_LOOKS = 3;
/** The same for one that is still starting. */
const MAX_STARTING_LOOKS = 12;

/** How long a worker's metrics may take; without them the others are shown. */
const METRICS_TIMEOUT_MS = 1_000;

/** One worker process, from here. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #metricsAsked = new Map<number, (metrics: readonly object[]) => void>();
  /** Sockets go one at a time, each when the one before has arrived. */
  readonly #onTheWay = new Set<Socket>();
  #nextMetricsId = 1;
  /** Looks, not time: when this process itself was stopped, what workers said meanwhile is heard first. */
  #silentLooks = 0;
  /** Sockets that it has been handed and that have not ended. */
  sockets = 0;
  #isReady = false;
  /** Resolves with how it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | string>;

  constructor({ lookEveryMs, onReady }: { readonly lookEveryMs: number; readonly onReady: () => void }) {
    this.#child = fork(PROGRAM, {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'json',
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) resolve(error.message);
      });
    });
    const look = setInterval(() => {
      this.#silentLooks += 1;
      const maxLooks = this.#isReady ? MAX_SILENT_LOOKS : MAX_STARTING_LOOKS;
      if (this.#silentLooks > maxLooks) this.#child.kill('SIGKILL');
    }, lookEveryMs);
    void this.ended.then(() => {
      clearInterval(look);
      for (const socket of this.#onTheWay) this.#release(socket);
    });
    this.#child.on('message', (message: ToMain) => {
      this.#silentLooks = 0;
      if (message.type === 'ended') this.sockets -= message.sockets;
      else if (message.type === 'metrics') this.#metricsAsked.get(message.id)?.(message.metrics);
      else if (message.type === 'ready') {
        this.#isReady = true;
        onReady();
      }
    });
  }

  /** False until it has all rulesets, and when it ends. */
  get isReady(): boolean {
    return this.#isReady && this.#child.connected;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What cannot be said to a process that has ended is dropped. */
  tell(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** From here on the socket is the worker's alone: this process closes its own end of it. */
  handOver({ url = '/', headers }: IncomingMessage, socket: Socket, head: Buffer): void {
    // Until this process has closed it, both could read it, and what this one reads would be lost.
    const handle: unknown = Reflect.get(socket, '_handle');
    if (isReadable(handle)) handle.readStop();
    // Node would tie the server's close to what the worker still has open, and wait without end for one that is gone.
    Reflect.set(socket, 'server', undefined);
    this.sockets += 1;
    const message: ToWorker = { type: 'socket', url, headers, head: head.toString('base64') };
    this.#onTheWay.add(socket);
    this.#child.send(message, socket, {}, () => this.#release(socket));
  }

  /** What is left of it here is a shell, once the connection itself has been taken out of it. */
  #release(socket: Socket): void {
    this.#onTheWay.delete(socket);
    socket.destroy();
  }

  /** What it measures; nothing when it does not answer. */
  metrics(): Promise<readonly object[]> {
    const id = this.#nextMetricsId++;
    return new Promise((resolve) => {
      const finish = (metrics: readonly object[]) => {
        clearTimeout(timer);
        this.#metricsAsked.delete(id);
        resolve(metrics);
      };
      const timer = setTimeout(() => finish([]), METRICS_TIMEOUT_MS);
      this.#metricsAsked.set(id, finish);
      this.tell({ type: 'metrics', id });
    });
  }

  /** Lets it say goodbye to its sockets, for so long at most. */
  async drain(timeoutMs: number): Promise<void> {
    this.tell({ type: 'drain' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    await this.ended;
    clearTimeout(timer);
  }
}

function isReadable(handle: unknown): handle is { readStop(): void } {
  return typeof handle === 'object' && handle !== null && 'readStop' in handle;
}
