import { createHash } from 'node:crypto';
import { type Revision, toCanonicalJson } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Powers } from '../access/powers.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { newId } from '../store/new-id.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { Actor, Caller } from './actor.ts';
import { digestOrigin, type SaltedOrigin, saltOrigin } from './origin.ts';
import type { AuditEventSchema } from './schemas.ts';

/** What an audit event says. Secrets have no place in it. */
export interface AuditEntry {
  /** Such as `flag.created`. */
  readonly action: string;
  readonly project?: string;
  readonly environment?: string;
  readonly target: { readonly kind: string; readonly key: string };
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A revision that a change made of an environment of the event's project. */
export interface EventRevision extends Revision {
  readonly environment: string;
}

export type AuditEvent = Static<typeof AuditEventSchema>;

/** An event that is in no chain yet. */
export type NewEvent = Omit<AuditEventRow, 'chain' | 'seq' | 'hash'>;
/** An event in its place, before its hash is known. */
export type PlacedEvent = NewEvent & { readonly chain: string; readonly seq: number };

export function newEvent(
  { actor, requestId, comment, origin }: Omit<Caller, keyof Powers>,
  entry: AuditEntry,
  atMs: number,
): NewEvent {
  const salted = origin && saltOrigin(origin);
  const [before, after] = boundDocuments(toJson(entry.before), toJson(entry.after));
  return {
    id: newId(atMs),
    at: atMs,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    action: entry.action,
    project: entry.project ?? null,
    environment: entry.environment ?? null,
    target_kind: entry.target.kind,
    target_key: entry.target.key,
    before,
    after,
    request_id: requestId ?? null,
    change_id: null,
    revisions: null,
    comment: comment ?? null,
    origin_digest: salted === undefined ? null : digestOrigin(salted),
    origin: toJson(salted),
  };
}

/** As the API and exports show it. Of the origin there is the digest alone once the rest was erased. */
export function toAuditEvent(row: AuditEventRow): AuditEvent {
  const { chain, seq, hash } = row;
  const salted = row.origin === null ? undefined : (JSON.parse(row.origin) as SaltedOrigin);
  const document = toDocument(row);
  return {
    chain,
    seq,
    ...document,
    ...(document.origin === undefined ? {} : { origin: { ...document.origin, ...salted } }),
    hash,
  };
}

/**
 * The hash of an event: SHA-256, in hexadecimal, of the hash of the event before it in the chain, a line end, and the
 * event as canonical JSON: all that the API shows, but for `hash` itself, and of the origin the digest only.
 */
export function hashEvent(previousHash: string, event: PlacedEvent): string {
  const document = { chain: event.chain, seq: event.seq, ...toDocument(event) };
  return createHash('sha256')
    .update(`${previousHash}\n${toCanonicalJson(document)}`)
    .digest('hex');
}

/**
 * What later versions add is left out where it is not there: so the hashes of events from before stay as they are. These
 * first fields are always there.
 */
function toDocument(row: NewEvent) {
  return {
    id: row.id,
    at: toTimestamp(row.at),
    actor: { kind: row.actor_kind as Actor['kind'], id: row.actor_id, name: row.actor_name },
    action: row.action,
    project: row.project,
    environment: row.environment,
    target: { kind: row.target_kind, key: row.target_key },
    before: fromJson(row.before),
    after: fromJson(row.after),
    requestId: row.request_id,
    ...(row.change_id === null ? {} : { change: row.change_id }),
    ...(row.revisions === null ? {} : { revisions: JSON.parse(row.revisions) as EventRevision[] }),
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(row.origin_digest === null ? {} : { origin: { digest: row.origin_digest } }),
  };
}

/** Documents that take more than this together, as JSON, are kept without what is the same in both. */
const MAX_WHOLE_LENGTH = 64 * 1024;

/** Of what was there before and after a change, all when it is short, else the fields that differ. */
function boundDocuments(before: string | null, after: string | null): [string | null, string | null] {
  if (before === null || after === null || before.length + after.length <= MAX_WHOLE_LENGTH) return [before, after];
  const [was, is] = [JSON.parse(before) as unknown, JSON.parse(after) as unknown];
  if (!isRecord(was) || !isRecord(is)) return [before, after];
  const differs = (name: string) => JSON.stringify(was[name]) !== JSON.stringify(is[name]);
  const pick = (from: Record<string, unknown>) =>
    JSON.stringify(Object.fromEntries(Object.entries(from).filter(([name]) => differs(name))));
  return [pick(was), pick(is)];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function fromJson(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}
