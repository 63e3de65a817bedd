import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { FrameCutter, type Unit } from './frames.ts';

/** What happens to frames: the chance of each fault for one frame in one direction, 0 to 1, and the longest delay. */
export interface Weather {
  readonly delayMs?: number;
  /** The frame is swallowed, what follows passes. */
  readonly drop?: number;
  /** The frame changes places with the next one. */
  readonly swap?: number;
  /** A part of the frame passes, then the connection ends. */
  readonly truncate?: number;
  /** The connection is ended in good order (FIN). */
  readonly end?: number;
  /** The connection is torn down (RST). */
  readonly reset?: number;
  /** From now on nothing passes in this direction, and nobody is told: a half-open connection. */
  readonly silence?: number;
}

export type Fault = Exclude<keyof Weather, 'delayMs'>;

const FAULTS: readonly Fault[] = ['drop', 'swap', 'truncate', 'end', 'reset', 'silence'];

/** A TCP proxy that knows where WebSocket frames begin and end, and does to them what networks and bad proxies do. */
export class TcpProxy {
  /** `http://127.0.0.1:PORT` of the proxy itself. */
  readonly url: string;
  /** How often each fault has happened. */
  readonly counts: Record<Fault, number> = { drop: 0, swap: 0, truncate: 0, end: 0, reset: 0, silence: 0 };
  /** Applies to all connections from now on. Connections that fell silent stay so. */
  weather: Weather = {};
  /** Whether who comes is sent away. */
  isCut = false;
  readonly #server: Server;
  readonly #random: () => number;
  readonly #links = new Set<Link>();

  private constructor(server: Server, targetUrls: readonly string[], random: () => number, isRaw: boolean) {
    this.#server = server;
    this.#random = random;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let next = 0;
    server.on('connection', async (client) => {
      client.on('error', () => {});
      const target = this.isCut ? undefined : await dial(targetUrls, next++);
      if (target === undefined) {
        client.resetAndDestroy();
        return;
      }
      const link = new Link(client, target, (kind) => this.#fate(kind), isRaw);
      this.#links.add(link);
      link.onClose(() => this.#links.delete(link));
    });
  }

  /**
   * @param targetUrls each connection goes to the next one, or to the one after that if that refuses: a load balancer
   * @param random in [0, 1): decides every fault
   * @param isRaw what passes is not HTTP
   */
  static async start(targetUrls: readonly string[], random: () => number, isRaw = false): Promise<TcpProxy> {
    const server = createServer({ noDelay: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, targetUrls, random, isRaw);
  }

  /** Connections through it, also those that fell silent. */
  get connections(): number {
    return this.#links.size;
  }

  /** Tears all connections down. */
  resetAll(): void {
    for (const link of this.#links) link.reset();
  }

  async close(): Promise<void> {
    this.resetAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #fate(kind: Unit['kind']): Fate {
    const { delayMs = 0, ...chances } = this.weather;
    let left = this.#random();
    const fault = FAULTS.find((name) => {
      left -= chances[name] ?? 0;
      return left < 0;
    });
    // TCP loses and swaps no bytes; only what relays whole frames could.
    if (kind !== 'frame' && (fault === 'drop' || fault === 'swap')) return { fault: undefined, delayMs: 0 };
    if (fault !== undefined) this.counts[fault]++;
    return { fault, delayMs: this.#random() * delayMs };
  }
}

/** Undefined when none of them takes the connection. */
async function dial(urls: readonly string[], first: number): Promise<Socket | undefined> {
  for (let i = 0; i < urls.length; i++) {
    const { hostname, port } = new URL(urls[(first + i) % urls.length] ?? '');
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const isConnected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (isConnected) return socket;
  }
  return undefined;
}

interface Fate {
  readonly fault: Fault | undefined;
  readonly delayMs: number;
}

/** One proxied connection: two sockets, a lane in each direction. */
class Link {
  readonly #client: Socket;
  readonly #target: Socket;

  constructor(client: Socket, target: Socket, fate: (kind: Unit['kind']) => Fate, isRaw: boolean) {
    this.#client = client;
    this.#target = target;
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      const lane = new Lane(from, to, fate, () => this.reset(), isRaw);
      // How one side ended is passed on, unless the lane fell silent: then the other side is never told.
      from.on('error', () => lane.isSilent || to.resetAndDestroy());
      from.on('close', () => lane.isSilent || to.end());
    }
    // It waited for the connection to the target.
    client.resume();
  }

  onClose(listener: () => void): void {
    let open = 2;
    const closed = () => --open === 0 && listener();
    this.#client.once('close', closed);
    this.#target.once('close', closed);
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#target.resetAndDestroy();
  }
}

/** One direction of a connection: units pass in order, except where the weather says otherwise. */
class Lane {
  isSilent = false;
  readonly #to: Socket;
  readonly #fate: (kind: Unit['kind']) => Fate;
  readonly #reset: () => void;
  /** Resolves when all units before have passed. */
  #passed: Promise<void> = Promise.resolve();
  /** Waits to pass after the next frame. */
  #held: Buffer | undefined;

  constructor(from: Socket, to: Socket, fate: (kind: Unit['kind']) => Fate, reset: () => void, isRaw: boolean) {
    this.#to = to;
    this.#fate = fate;
    this.#reset = reset;
    const cutter = new FrameCutter({ head: !isRaw, raw: isRaw });
    from.on('data', (bytes) => {
      for (const unit of cutter.push(bytes)) this.#passed = this.#passed.then(() => this.#pass(unit));
    });
    from.on('end', () => {
      this.#passed = this.#passed.then(() => {
        if (!this.isSilent) to.end();
      });
    });
  }

  async #pass({ kind, bytes }: Unit): Promise<void> {
    if (this.isSilent) return;
    if (kind === 'head') return this.#write(bytes);
    const { fault, delayMs } = this.#fate(kind);
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    switch (fault) {
      case undefined:
        this.#write(bytes);
        break;
      case 'drop':
        break;
      case 'swap':
        if (this.#held === undefined) {
          this.#held = bytes;
          return;
        }
        this.#write(bytes);
        break;
      case 'truncate':
        this.#write(bytes.subarray(0, bytes.length >> 1));
        this.#to.end();
        break;
      case 'end':
        this.#to.end();
        break;
      case 'reset':
        this.#reset();
        break;
      case 'silence':
        this.isSilent = true;
        break;
    }
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#write(held);
  }

  #write(bytes: Buffer): void {
    if (this.#to.writable && !this.isSilent) this.#to.write(bytes);
  }
}
