import { encode, type ServerMessage } from '@bunting/core';
import type { KeysMessage } from '../relay/protocol.ts';

/**
 * A message as it stands on the TCP connection: WebSocket header and payload. Built once and written as it is to every
 * socket that it is for, which costs no more than raw TCP; framing anew for each costs a fifth more.
 */
export interface Frame {
  readonly type: ServerMessage['type'] | KeysMessage['type'];
  readonly bytes: Buffer;
}

/** RFC 6455, section 5.2, with the bit that says that no further part follows. */
const TEXT = 0x81;
const BINARY = 0x82;

export function encodeFrame(message: ServerMessage | KeysMessage): Frame {
  const text = message.type === 'keys' ? JSON.stringify(message) : encode(message);
  const payloadBytes = Buffer.byteLength(text);
  const bytes = startFrame(TEXT, payloadBytes);
  bytes.write(text, bytes.length - payloadBytes);
  return { type: message.type, bytes };
}

/** The message in a frame that was not packed, as text. */
export function textOf({ bytes }: Frame): string {
  const short = bytes[1] ?? 0;
  return bytes.toString('utf8', short < 126 ? 2 : short === 126 ? 4 : 10);
}

/** The frame of a message that is there in parts: its text, or gzip members of it. */
export function frameOfParts(type: Frame['type'], parts: readonly Buffer[], isPacked: boolean): Frame {
  const payloadBytes = parts.reduce((sum, { length }) => sum + length, 0);
  const bytes = startFrame(isPacked ? BINARY : TEXT, payloadBytes);
  let at = bytes.length - payloadBytes;
  for (const part of parts) at += part.copy(bytes, at);
  return { type, bytes };
}

/** Frames that are always sent together, as one that is written at once. */
export function joinFrames(type: Frame['type'], frames: readonly Frame[]): Frame {
  return { type, bytes: Buffer.concat(frames.map(({ bytes }) => bytes)) };
}

/** A frame's header, with room for the payload behind it. A server's frames are not masked. */
function startFrame(firstByte: number, payloadBytes: number): Buffer {
  const headerBytes = payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10;
  // Not from the shared pool: a socket that is slow to send a small frame would keep all of its 8 KB in memory.
  const bytes = Buffer.allocUnsafeSlow(headerBytes + payloadBytes);
  bytes[0] = firstByte;
  if (headerBytes === 2) {
    bytes[1] = payloadBytes;
  } else if (headerBytes === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(payloadBytes, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(payloadBytes), 2);
  }
  return bytes;
}
