import { checkServerHeader, isServerType } from './check-header.ts';
import type {
  ChangesMessage,
  ClientMessage,
  Item,
  ItemKind,
  ItemName,
  ServerMessage,
  SnapshotMessage,
  UnknownMessage,
} from './messages.ts';

/** A message as one text frame: the header line, then one line for each item. */
export function encode(message: ServerMessage | ClientMessage): string {
  if (message.type !== 'snapshot' && message.type !== 'changes') return JSON.stringify(message);
  const { items, ...header } = message;
  return [JSON.stringify(header), ...items.map(encodeItem)].join('\n');
}

/** An item as one line. A line end can stand in JSON only between its parts, where a space means the same. */
export function encodeItem({ kind, key, json }: Item): string {
  return `${kind} ${key} ${json.includes('\n') ? json.replaceAll('\n', ' ') : json}`;
}

export type Decoded<M> = { readonly ok: true; readonly message: M } | { readonly ok: false; readonly error: string };

const KINDS: ReadonlySet<string> = new Set<ItemKind>(['flag', 'segment', 'keys', 'layer', 'holdout']);

/**
 * Reads a frame from the server. Item documents stay text; everything else is checked. What only a newer server knows
 * is no mistake: types come as `UnknownMessage`, item kinds are left out, further fields stay. Never throws.
 */
export function decodeServerMessage(frame: string): Decoded<ServerMessage | UnknownMessage> {
  if (typeof frame !== 'string') return refuse('the frame is not text');
  const headerEnd = frame.indexOf('\n');
  let header: unknown;
  try {
    header = JSON.parse(headerEnd === -1 ? frame : frame.slice(0, headerEnd));
  } catch {
    return refuse('the first line is not JSON');
  }
  const [problem] = checkServerHeader(header);
  if (problem !== undefined) return refuse(`header: ${problem.path} ${problem.message}`.replace('  ', ' '));
  const message = header as ServerMessage;
  if (!isServerType(message.type)) return { ok: true, message: { type: 'unknown', name: message.type } };
  if (message.type !== 'snapshot' && message.type !== 'changes') return { ok: true, message };
  const items = headerEnd === -1 ? [] : decodeItems(frame, headerEnd + 1);
  if (typeof items === 'string') return refuse(items);
  if (message.type === 'snapshot') return { ok: true, message: { ...message, items } satisfies SnapshotMessage };
  const deletions = message.delete.filter(({ kind }: ItemName) => KINDS.has(kind));
  return { ok: true, message: { ...message, delete: deletions, items } satisfies ChangesMessage };
}

/** Cuts the lines from `start` into items; a message when one is no item. Kinds of a newer server are skipped. */
function decodeItems(frame: string, start: number): Item[] | string {
  const items: Item[] = [];
  for (let from = start; from < frame.length; ) {
    const newline = frame.indexOf('\n', from);
    const end = newline === -1 ? frame.length : newline;
    const kindEnd = frame.indexOf(' ', from);
    const keyEnd = kindEnd === -1 ? -1 : frame.indexOf(' ', kindEnd + 1);
    if (keyEnd === -1 || keyEnd >= end || kindEnd === from || keyEnd === kindEnd + 1) {
      return `item ${items.length + 1} must read "<kind> <key> <json>"`;
    }
    const kind = frame.slice(from, kindEnd);
    if (KINDS.has(kind)) {
      items.push({
        kind: kind as ItemKind,
        key: frame.slice(kindEnd + 1, keyEnd),
        json: frame.slice(keyEnd + 1, end),
      });
    }
    from = end + 1;
  }
  return items;
}

function refuse(error: string): { ok: false; error: string } {
  return { ok: false, error };
}
