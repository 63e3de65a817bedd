import { gunzipSync } from 'node:zlib';
import { decodeServerMessage, type ServerMessage, type UnknownMessage } from '@bunting/core';
import { KEYS_MESSAGE, type KeysMessage } from './protocol.ts';

/** A ruleset of 100 000 flags fits; an upstream gone mad does not fill our memory. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024;

export type UpstreamMessage = ServerMessage | KeysMessage | UnknownMessage;
export interface Unusable {
  readonly type: 'unusable';
  readonly detail: string;
}

/** Reads a frame from the upstream. A binary one is a message's text, compressed. Never throws. */
export function readFrame(data: Buffer, isBinary: boolean): UpstreamMessage | Unusable {
  let text: string;
  try {
    text = (isBinary ? gunzipSync(data, { maxOutputLength: MAX_FRAME_BYTES }) : data).toString();
  } catch (error) {
    return unusable(`a compressed frame that cannot be read: ${(error as Error).message}`);
  }
  const decoded = decodeServerMessage(text);
  if (!decoded.ok) return unusable(decoded.error);
  const { message } = decoded;
  return message.type === 'unknown' && message.name === 'keys' ? readKeys(text) : message;
}

function readKeys(text: string): KeysMessage | Unusable {
  // It was seen to be JSON.
  const message: unknown = JSON.parse(text.split('\n', 1)[0] ?? '');
  if (KEYS_MESSAGE.is(message)) return message;
  const [problem] = KEYS_MESSAGE.problems(message);
  return unusable(`keys: ${problem?.path} ${problem?.message}`);
}

function unusable(detail: string): Unusable {
  return { type: 'unusable', detail };
}
