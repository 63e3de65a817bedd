import { connect, type Socket } from 'node:net';
import { type HelloMessage, PROTOCOL_VERSION, type Revision, SUBPROTOCOL } from '@bunting/core';
import { nowMs } from './clock.ts';
import { clientFrame, FrameCutter, OPCODE, opcodeOf, payloadOf } from './frames.ts';

export interface LightClientOptions {
  readonly host: string;
  readonly port: number;
  /** Address to connect from: one address has 28 000 ports, and a crowd may need more. */
  readonly localAddress: string;
  /** The SDK key. Undefined: frames come without a handshake, from a bare TCP server. */
  readonly key: string | undefined;
  /** Name of the instance. */
  readonly id: string;
  /** Whether it says which revision it has, as an SDK does. */
  readonly receipts: boolean;
  /** Gets every frame that came, and its memory only for the time of the call. */
  readonly onFrame?: (frame: Buffer) => void;
  /** Called when `revision` or `isLive` changed. */
  readonly onChange?: () => void;
}

/** As the Node SDK waits: full jitter up to a bound that doubles, forgiven after a steady connection. */
const BACKOFF = { minMs: 250, maxMs: 30_000, steadyMs: 10_000 };
const HEARTBEAT_EVERY_MS = 5_000;
const HEARTBEAT = clientFrame(OPCODE.text, '{"type":"heartbeat"}');

/** The header lines of frames that were read last: one change comes to thousands of clients as the same bytes. */
const parsed = { bytes: Buffer.alloc(0), header: {} as Header };

interface Header {
  readonly type?: string;
  readonly revision?: Revision;
  readonly from?: number;
  readonly retryAfterMs?: number;
}

/**
 * A client that costs little more than its socket, so that one process can be thousands of instances: no flags, only
 * the revision that it has. It behaves like an SDK towards the server: resumes, backs off, obeys goodbyes, sends
 * receipts and heartbeats.
 */
export class LightClient {
  /** What it has, also while it is not connected. */
  revision: Revision | undefined;
  /** When `revision` came, by the machine's clock. */
  revisedAtMs = 0;
  /** Connected, and given what it starts from. */
  isLive = false;
  connects = 0;
  goodbyes = 0;
  /** What a server must never do: changes that do not follow on, an earlier revision than before, or frames that nobody can read. */
  readonly faults: string[] = [];
  readonly #options: LightClientOptions;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #liveSinceMs = 0;
  #heartbeatAtMs = 0;
  #isClosed = false;

  constructor(options: LightClientOptions) {
    this.#options = options;
  }

  open(): void {
    const { host, port, localAddress, key } = this.#options;
    const socket = connect({ host, port, localAddress, noDelay: true });
    this.#socket = socket;
    this.connects++;
    const cutter = new FrameCutter({ head: key !== undefined });
    socket.on('connect', () => (key === undefined ? this.#goLive() : socket.write(handshake(host, port))));
    socket.on('data', (bytes) => {
      for (const unit of cutter.push(bytes)) {
        if (this.#socket !== socket) return;
        if (unit.kind === 'frame') this.#take(unit.bytes);
        else this.#greet(socket, unit.bytes);
      }
    });
    // What went wrong is followed by the close.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket === socket) this.#retry();
    });
  }

  /** For good. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #greet(socket: Socket, head: Buffer): void {
    if (!head.toString('latin1').startsWith('HTTP/1.1 101')) {
      this.#retry();
      return;
    }
    socket.write(clientFrame(OPCODE.text, JSON.stringify(this.#hello())));
  }

  #hello(): HelloMessage {
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      key: this.#options.key ?? '',
      sdk: { name: 'bunting-light', version: '0' },
      instance: { id: this.#options.id, app: 'fleet' },
      have: this.revision ?? null,
    };
  }

  #take(frame: Buffer): void {
    this.#options.onFrame?.(frame);
    const opcode = opcodeOf(frame);
    if (opcode === OPCODE.close) this.#retry();
    else if (opcode === OPCODE.ping) this.#socket?.write(clientFrame(OPCODE.pong, ''));
    else if (opcode === OPCODE.text) this.#hear(readHeader(frame), frame);
  }

  #hear(header: Header, frame: Buffer): void {
    switch (header.type) {
      case 'snapshot':
        this.#advance(header.revision);
        break;
      case 'changes':
        this.#follow(header);
        break;
      case 'heartbeat':
        this.#answerHeartbeat();
        break;
      case 'goodbye':
        this.goodbyes++;
        this.#leave(header.retryAfterMs ?? 0);
        break;
      case 'error':
        this.faults.push(payloadOf(frame).toString());
        this.#retry();
        break;
    }
  }

  #follow({ from, revision }: Header): void {
    // A bare server writes what another one sent: it follows on nothing.
    if (from === this.revision?.number || this.#options.key === undefined) {
      this.#advance(revision);
      return;
    }
    this.faults.push(`changes from ${from} to one that has ${this.revision?.number}`);
    this.revision = undefined;
    this.#retry();
  }

  #advance(revision: Revision | undefined): void {
    const before = this.revision;
    if (before?.incarnation === revision?.incarnation && (revision?.number ?? 0) < (before?.number ?? 0))
      this.faults.push(`revision ${revision?.number} to one that has ${before?.number}`);
    this.revision = revision;
    this.revisedAtMs = nowMs();
    if (this.#options.receipts) {
      const receipt = { type: 'receipt', revision, broken: { count: 0, keys: [] } };
      this.#socket?.write(clientFrame(OPCODE.text, JSON.stringify(receipt)));
    }
    if (this.isLive) this.#options.onChange?.();
    else this.#goLive();
  }

  #goLive(): void {
    this.isLive = true;
    this.#liveSinceMs = performance.now();
    this.#options.onChange?.();
  }

  #answerHeartbeat(): void {
    const now = performance.now();
    if (now - this.#heartbeatAtMs < HEARTBEAT_EVERY_MS) return;
    this.#heartbeatAtMs = now;
    this.#socket?.write(HEARTBEAT);
  }

  #retry(): void {
    const wasSteady = this.isLive && performance.now() - this.#liveSinceMs >= BACKOFF.steadyMs;
    this.#failures = wasSteady ? 1 : this.#failures + 1;
    this.#wait(Math.random() * Math.min(BACKOFF.maxMs, BACKOFF.minMs * 2 ** (this.#failures - 1)));
  }

  /** At least as long as was asked for, spread over half as much again. */
  #leave(retryAfterMs: number): void {
    this.#wait(retryAfterMs + Math.random() * (retryAfterMs / 2 + BACKOFF.minMs));
  }

  #wait(delayMs: number): void {
    this.#drop();
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.open(), delayMs);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.isLive = false;
    socket?.destroy();
  }
}

function handshake(host: string, port: number): string {
  return [
    'GET /stream HTTP/1.1',
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
    '\r\n',
  ].join('\r\n');
}

function readHeader(frame: Buffer): Header {
  if (frame.equals(parsed.bytes)) return parsed.header;
  const payload = payloadOf(frame);
  const end = payload.indexOf('\n');
  const header = JSON.parse(payload.toString('utf8', 0, end < 0 ? payload.length : end)) as Header;
  parsed.bytes = Buffer.from(frame);
  parsed.header = header;
  return header;
}
