/** One end's bytes on a WebSocket connection, in whole units. */
export interface Unit {
  /** `head`: the HTTP request or response of the handshake. */
  readonly kind: 'head' | 'frame';
  readonly bytes: Buffer;
}

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const NOTHING = Buffer.alloc(0);

/** Cuts the bytes of one direction into the HTTP head and WebSocket frames, however TCP has torn them apart. */
export class FrameCutter {
  #rest: Buffer = NOTHING;
  #isInHead: boolean;

  constructor(options: { readonly head: boolean }) {
    this.#isInHead = options.head;
  }

  /** The units that these bytes complete. They may share the memory of `bytes`. */
  push(bytes: Buffer): Unit[] {
    let left = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const units: Unit[] = [];
    for (;;) {
      const length = this.#isInHead ? headLength(left) : frameLength(left);
      if (length === undefined || length > left.length) break;
      units.push({ kind: this.#isInHead ? 'head' : 'frame', bytes: left.subarray(0, length) });
      left = left.subarray(length);
      this.#isInHead = false;
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
