import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { decodeServerMessage, encode, type SnapshotMessage } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { compileValidator } from '../http/validate.ts';
import { KEYS_MESSAGE, type KeysMessage } from './protocol.ts';

/** All that a relay needs to serve an environment. */
export interface LastKnownGood {
  readonly keys: KeysMessage;
  /** Its `timeMs` is the origin's clock when it was kept. */
  readonly snapshot: SnapshotMessage;
  /** How old the data was when it was kept. */
  readonly dataAgeMs: number;
  /** When it was kept, by this machine's clock, milliseconds since 1970, UTC. */
  readonly keptAtMs: number;
}

interface Header {
  readonly dataAgeMs: number;
  readonly keptAtMs: number;
}
const HEADER = compileValidator<Header>(
  Type.Object({ dataAgeMs: Type.Number({ minimum: 0 }), keptAtMs: Type.Number({ minimum: 0 }) }),
);

const MAGIC = 'bunting-relay-1';

/**
 * Four lines and the items: a seal over all that follows, the ages, the keys' hashes, the snapshot as it travels. Only
 * who has the relay key can make a seal, so a file that was changed, cut off or made for another key is refused.
 */
export function seal(state: LastKnownGood, relayKey: string): string {
  const { keys, snapshot, dataAgeMs, keptAtMs } = state;
  const header: Header = { dataAgeMs, keptAtMs };
  const body = [JSON.stringify(header), JSON.stringify(keys), encode(snapshot)].join('\n');
  return `${MAGIC} ${sealOf(body, relayKey)}\n${body}`;
}

/** @throws {Error} that says why the file is not to be used */
export function unseal(text: string, relayKey: string): LastKnownGood {
  const [first, body] = cut(text);
  const [magic, claimed = ''] = first.split(' ');
  if (magic !== MAGIC) throw new Error('it is no last-known-good of this version');
  const expected = Buffer.from(sealOf(body, relayKey));
  const given = Buffer.from(claimed);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Error('it is incomplete, was changed, or was made with another relay key');
  }
  const [headerText, rest] = cut(body);
  const [keysText, snapshotText] = cut(rest);
  const header: unknown = JSON.parse(headerText);
  const keys: unknown = JSON.parse(keysText);
  const decoded = decodeServerMessage(snapshotText);
  if (!HEADER.is(header) || !KEYS_MESSAGE.is(keys) || !decoded.ok || decoded.message.type !== 'snapshot') {
    throw new Error('it does not hold what it should');
  }
  const { dataAgeMs, keptAtMs } = header;
  return { keys, snapshot: decoded.message, dataAgeMs, keptAtMs };
}

function cut(text: string): [string, string] {
  const end = text.indexOf('\n');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
}

/** HMAC-SHA256, hex, by a key that is made from the relay key for this use only. */
function sealOf(body: string, relayKey: string): string {
  const key = hkdfSync('sha256', relayKey, '', 'bunting relay last-known-good', 32);
  return createHmac('sha256', Buffer.from(key)).update(body).digest('hex');
}
