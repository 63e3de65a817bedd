/** A piece of what one end of a connection sends. */
export interface Unit {
  /**
   * `head`: an HTTP request or response, without its body. `frame`: a whole frame of a WebSocket. `other`: whatever came
   * at once on a connection that is none.
   */
  readonly kind: 'head' | 'frame' | 'other';
  readonly bytes: Buffer;
}

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const NOTHING = Buffer.alloc(0);

/** Cuts the bytes of one direction into the HTTP head and WebSocket frames, however TCP has torn them apart. */
export class FrameCutter {
  #rest: Buffer = NOTHING;
  #next: Unit['kind'];

  /** @param options `head` false: frames come from the first byte on, or bytes that are not cut when `raw` is set */
  constructor(options: { readonly head: boolean; readonly raw?: boolean }) {
    this.#next = options.head ? 'head' : options.raw ? 'other' : 'frame';
  }

  /** The units that these bytes complete. They may share the memory of `bytes`. */
  push(bytes: Buffer): Unit[] {
    let left = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const units: Unit[] = [];
    for (;;) {
      const kind = this.#next;
      const length = kind === 'head' ? headLength(left) : kind === 'frame' ? frameLength(left) : left.length;
      if (length === undefined || length === 0 || length > left.length) break;
      const unit = { kind, bytes: left.subarray(0, length) };
      units.push(unit);
      left = left.subarray(length);
      if (kind === 'head') this.#next = isUpgrade(unit.bytes) ? 'frame' : 'other';
    }
    // A copy: what is kept must not hold the memory of all that was read with it.
    this.#rest = left.length === 0 ? NOTHING : Buffer.from(left);
    return units;
  }
}

function headLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  return end < 0 ? undefined : end + 4;
}

function isUpgrade(head: Buffer): boolean {
  return /^HTTP\/1\.1 101 |^upgrade: websocket\r$/im.test(head.toString('latin1'));
}

/** Bytes of the whole frame; undefined while its header is not there yet (RFC 6455, section 5.2). */
function frameLength(bytes: Buffer): number | undefined {
  const start = payloadStart(bytes);
  return start === undefined ? undefined : start + payloadLength(bytes);
}

function payloadStart(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  const second = bytes[1] ?? 0;
  const short = second & 0x7f;
  const start = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
  return bytes.length < start ? undefined : start;
}

function payloadLength(bytes: Buffer): number {
  const short = (bytes[1] ?? 0) & 0x7f;
  if (short === 126) return bytes.readUInt16BE(2);
  return short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
}

export function opcodeOf(frame: Buffer): number {
  return (frame[0] ?? 0) & 0x0f;
}

/** The payload as it stands in the frame: only a server's is in the clear. */
export function payloadOf(frame: Buffer): Buffer {
  return frame.subarray(payloadStart(frame) ?? frame.length);
}

/** A client's frame. Its mask is zero, which is no mask at all: nothing here needs hiding from a proxy's cache. */
export function clientFrame(opcode: number, payload: string): Buffer {
  const body = Buffer.from(payload);
  const header =
    body.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | body.length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), body]);
}
