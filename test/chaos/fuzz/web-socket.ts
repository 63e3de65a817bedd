import { connect, type Socket } from 'node:net';
import { SUBPROTOCOL } from '@bunting/core';
import { FrameCutter, OPCODE, opcodeOf, payloadOf } from '../../processes/frames.ts';

/** How a frame is written: as RFC 6455 (section 5.2) says, or otherwise. */
export interface FrameShape {
  readonly opcode?: number;
  readonly isLast?: boolean;
  readonly isMasked?: boolean;
  /** RSV1 to RSV3. */
  readonly reserved?: number;
  /** What the header says, where that is not how long the payload is. */
  readonly claimedLength?: bigint;
}

/** A bare WebSocket, by which anything can be sent. */
export class RawSocket {
  /** Text that came, frame by frame. */
  readonly texts: string[] = [];
  /** What came in binary frames, packed. */
  readonly packed: Buffer[] = [];
  /** What the server closed with; undefined while it did not. */
  closeCode: number | undefined;
  /** What was answered instead of an upgrade. */
  refusal = '';
  isOver = false;
  readonly #socket: Socket;
  readonly #opened: Promise<void>;

  constructor(url: URL, path: string, subprotocol = SUBPROTOCOL) {
    const cutter = new FrameCutter({ head: true });
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    this.#opened = new Promise((resolve) => {
      this.#socket.on('data', (bytes) => {
        for (const unit of cutter.push(bytes)) {
          if (unit.kind === 'frame') this.#take(unit.bytes);
          else if (!unit.bytes.subarray(0, 12).equals(UPGRADED)) this.refusal += unit.bytes.toString();
          resolve();
        }
      });
      this.#socket.on('error', () => {});
      this.#socket.on('close', () => {
        this.isOver = true;
        resolve();
      });
    });
    this.#socket.write(handshake(url, path, subprotocol));
  }

  /** Resolves when the server answered, or ended the connection. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  frame(payload: string | Buffer, shape: FrameShape = {}): void {
    this.write(frameOf(Buffer.from(payload), shape));
  }

  write(bytes: string | Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  /** Reads nothing from now on. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(frame: Buffer): void {
    const payload = Buffer.from(payloadOf(frame));
    const opcode = opcodeOf(frame);
    if (opcode === OPCODE.text) this.texts.push(payload.toString());
    else if (opcode === OPCODE.binary) this.packed.push(payload);
    else if (opcode === OPCODE.close) this.closeCode = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
  }
}

const UPGRADED = Buffer.from('HTTP/1.1 101');

function handshake(url: URL, path: string, subprotocol: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${subprotocol}`,
    '\r\n',
  ].join('\r\n');
}

function frameOf(payload: Buffer, shape: FrameShape): Buffer {
  const { opcode = OPCODE.text, isLast = true, isMasked = true, reserved = 0, claimedLength } = shape;
  const length = claimedLength ?? BigInt(payload.length);
  const short = length < 126n ? Number(length) : length < 65_536n ? 126 : 127;
  const long = short === 126 ? Buffer.alloc(2) : short === 127 ? Buffer.alloc(8) : Buffer.alloc(0);
  if (short === 126) long.writeUInt16BE(Number(length));
  if (short === 127) long.writeBigUInt64BE(length);
  const first = (isLast ? 0x80 : 0) | (reserved << 4) | opcode;
  // A mask of zeros hides nothing, and is one.
  const mask = Buffer.alloc(isMasked ? 4 : 0);
  return Buffer.concat([Buffer.from([first, (isMasked ? 0x80 : 0) | short]), long, mask, payload]);
}
