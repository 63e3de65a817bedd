import { decodeServerMessage, encode, type Item, type Ruleset, type SnapshotMessage, toItem } from '@bunting/core';

/** A ruleset as a document: what a server sends, in one object. Further fields are ignored. */
export type Bootstrap = Ruleset;

const FIX =
  'Give bootstrap what GET /stream/snapshot answered, or {revision: {incarnation, number, hash}, committedAtMs, flags, ...}';

/**
 * The snapshot that a document stands for. Flags are not looked at yet: a malformed one answers for itself.
 * @throws {Error} that says what is wrong with it
 */
export function toSnapshot(document: unknown): SnapshotMessage {
  if (typeof document !== 'object' || document === null) throw new Error(`it is ${typeof document}. ${FIX}`);
  const { revision, committedAtMs = 0, kills = [], ...lists } = document as Partial<Ruleset>;
  const header: SnapshotMessage = {
    type: 'snapshot',
    revision: revision as Ruleset['revision'],
    committedAtMs,
    timeMs: committedAtMs,
    kills,
    items: [],
  };
  const decoded = decodeServerMessage(encode(header));
  if (!decoded.ok) throw new Error(`${decoded.error}. ${FIX}`);
  const items = [
    ...toItems('flag', lists.flags),
    ...toItems('segment', lists.segments ?? []),
    ...toItems('keys', lists.keyPages ?? []),
    ...toItems('layer', lists.layers ?? []),
    ...toItems('holdout', lists.holdouts ?? []),
  ];
  return { ...(decoded.message as SnapshotMessage), items };
}

/** As `toSnapshot`, of text: a document as JSON, or a snapshot as it travels. */
export function parseSnapshot(text: string): SnapshotMessage {
  const decoded = decodeServerMessage(text);
  if (decoded.ok && decoded.message.type === 'snapshot') return decoded.message;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error(`it is no JSON. ${FIX}`);
  }
  return toSnapshot(document);
}

function toItems(kind: Item['kind'], documents: unknown): Item[] {
  if (!Array.isArray(documents)) throw new Error(`its ${kind}s are no list. ${FIX}`);
  return documents.map((document: unknown, i) => {
    const key: unknown = (document as { key?: unknown } | null | undefined)?.key;
    if (typeof key !== 'string') throw new Error(`${kind} ${i} has no key. ${FIX}`);
    return toItem(kind, document as { readonly key: string });
  });
}
