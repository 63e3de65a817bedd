import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { decodeServerMessage, encode, type SnapshotMessage } from '@bunting/core';

/** What a client keeps for its next start. */
export interface LastKnownGood {
  /** Its `timeMs` is the origin's clock when it was kept. */
  readonly snapshot: SnapshotMessage;
  /** How old the data was when it was kept, in milliseconds. */
  readonly dataAgeMs: number;
  /** When it was kept, by this machine's clock, milliseconds since 1970, UTC. */
  readonly keptAtMs: number;
}

/** Whose it is: one server and one key. */
export interface Owner {
  readonly url: string;
  readonly sdkKey: string;
}

const MAGIC = 'bunting-sdk-1';

/** The name of the owner's file, which tells nobody the key. */
export function fileNameOf(owner: Owner): string {
  return `bunting-${hash(owner, 'name').slice(0, 16)}.last-known-good`;
}

/**
 * Three lines and the items: a seal over all that follows, the ages, the snapshot as it travels. Only who has the SDK
 * key can make a seal, so a file that was changed, cut off or made for another key or server is refused.
 */
export function seal({ snapshot, ...ages }: LastKnownGood, owner: Owner): string {
  const body = `${JSON.stringify(ages)}\n${encode(snapshot)}`;
  return `${MAGIC} ${hash(owner, body)}\n${body}`;
}

/** @throws {Error} that says why the file is not to be used */
export function unseal(text: string, owner: Owner): LastKnownGood {
  const [first, body] = cut(text);
  const [magic, claimed = ''] = first.split(' ');
  if (magic !== MAGIC) throw new Error('it is none of this version of the SDK');
  const expected = Buffer.from(hash(owner, body));
  const given = Buffer.from(claimed);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Error('it is incomplete, was changed, or was made with another key or for another server');
  }
  const [agesText, snapshotText] = cut(body);
  const { dataAgeMs, keptAtMs }: Record<string, unknown> = JSON.parse(agesText);
  const decoded = decodeServerMessage(snapshotText);
  if (!isSpan(dataAgeMs) || !isSpan(keptAtMs) || !decoded.ok || decoded.message.type !== 'snapshot') {
    throw new Error('it does not hold what it should');
  }
  return { snapshot: decoded.message, dataAgeMs, keptAtMs };
}

function isSpan(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function cut(text: string): [string, string] {
  const end = text.indexOf('\n');
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
}

/** HMAC-SHA256, hex, by a key that is made from the SDK key for this use and server only. */
function hash({ url, sdkKey }: Owner, text: string): string {
  const key = hkdfSync('sha256', sdkKey, url, 'bunting sdk last-known-good', 32);
  return createHmac('sha256', Buffer.from(key)).update(text).digest('hex');
}
