import type { Kill } from '@bunting/core';
import type { Actor } from '../audit/actor.ts';
import { appendEvents } from '../audit/chain.ts';
import { type NewEvent, newEvent } from '../audit/event.ts';
import { hasAuditEvent } from '../audit/repository.ts';
import { insertKillHistory } from '../history/kill-history.ts';
import { fromBit, toBit } from '../store/booleans.ts';
import { countOn } from '../store/counters.ts';
import { notify } from '../store/note.ts';
import type { Store } from '../store/store.ts';
import type { KillRow } from '../store/tables/kills.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
import { type KillRecord, replaces } from './kill-record.ts';
import { timelineOf } from './timeline.ts';
import { hasTwin, insertTimeline } from './timeline-repository.ts';

/** The kills and re-arms of an environment, as SDKs get them. */
export async function findKills(db: Querier, environmentId: string): Promise<Kill[]> {
  const rows = await db.selectFrom('kills').selectAll().where('environment_id', '=', environmentId).execute();
  return rows.map(({ flag_key, epoch, engaged }) => ({ flag: flag_key, epoch, engaged: fromBit(engaged) }));
}

export interface StoredKill {
  readonly record: KillRecord;
  /** What to ask `findKillsAfter` for next. */
  readonly number: number;
}

/** What was written since `number`, oldest first; none is the usual answer, and costs a look into an index. */
export async function findKillsAfter(db: Querier, number: number): Promise<StoredKill[]> {
  const rows = await db.selectFrom('kills').selectAll().where('number', '>', number).orderBy('number').execute();
  return rows.map((row) => ({ record: toRecord(row), number: row.number }));
}

/** A transaction that stores kills. */
export interface KillBatch {
  readonly tx: DatabaseTransaction;
  /** Of the transaction, from the counter `kills`. */
  readonly number: number;
  /** What it will tell, by event id. */
  readonly events: Map<string, NewEvent>;
}

/**
 * Runs a transaction that stores kills. There is one at a time, so that their numbers grow in the order of commits, and
 * the other servers hear of it when it commits.
 */
export function storeKills<T>(store: Store, work: (batch: KillBatch) => Promise<T>): Promise<T> {
  return store.database.transaction().execute(async (tx) => {
    const batch: KillBatch = { tx, number: await countOn(tx, 'kills'), events: new Map() };
    const result = await work(batch);
    await appendEvents(tx, [...batch.events.values()]);
    if (store.engine === 'postgres') await notify(tx, { counter: 'kills' });
    return result;
  });
}

export async function findKill(tx: DatabaseTransaction, environmentId: string, flag: string) {
  const row = await tx
    .selectFrom('kills')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('flag_key', '=', flag)
    .executeTakeFirst();
  return row && toRecord(row);
}

/**
 * Stores a kill or re-arm unless a later one is stored, and its audit event in any case, once. What one signal or safeguard
 * made of a flag on several servers at the same moment is one kill: the one that is stored first.
 */
export async function saveKill({ tx, number, events }: KillBatch, record: KillRecord): Promise<void> {
  const place = await findPlace(tx, record.environmentId);
  // The environment is gone, and its kills with it.
  if (place === undefined) return;
  if (record.cause !== undefined && (await hasTwin(tx, record))) return;
  const stored = await findKill(tx, record.environmentId, record.flag);
  if (replaces(record, stored)) {
    const row = toRow(record, number);
    await tx
      .insertInto('kills')
      .values(row)
      .onConflict((conflict) => conflict.columns(['environment_id', 'flag_key']).doUpdateSet(row))
      .execute();
  }
  await insertKillHistory(tx, record.environmentId, record.eventId, record);
  // Whoever stores it: the server that killed may not come to it, and to write down how far it came.
  if (record.engaged) await insertTimeline(tx, timelineOf(record));
  // Several servers may tell of the same one.
  if (!(await hasAuditEvent(tx, record.eventId))) events.set(record.eventId, toEvent(record, place));
}

function toEvent(record: KillRecord, place: KillEventPlace): NewEvent {
  const { eventId, atMs, actor, requestId, origin, flag, epoch, engaged, reason, cause } = record;
  const entry = {
    ...place,
    action: engaged ? 'flag.killed' : 'flag.rearmed',
    target: { kind: 'flag', key: flag },
    after: { epoch, engaged, reason, ...(cause === undefined ? {} : { cause }) },
  };
  const caller = { actor, ...(requestId === null ? {} : { requestId }), ...(origin === undefined ? {} : { origin }) };
  return { ...newEvent(caller, entry, atMs), id: eventId };
}

interface KillEventPlace {
  readonly project: string;
  readonly environment: string;
}

async function findPlace(tx: DatabaseTransaction, environmentId: string) {
  return tx
    .selectFrom('environments')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .select(['projects.key as project', 'environments.key as environment'])
    .where('environments.id', '=', environmentId)
    .executeTakeFirst();
}

function toRow(record: KillRecord, number: number): KillRow {
  const { environmentId, flag, epoch, engaged, eventId, actor, requestId, reason, atMs } = record;
  return {
    environment_id: environmentId,
    flag_key: flag,
    epoch,
    engaged: toBit(engaged),
    event_id: eventId,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    request_id: requestId,
    reason,
    at: atMs,
    number,
  };
}

function toRecord(row: KillRow): KillRecord {
  return {
    environmentId: row.environment_id,
    flag: row.flag_key,
    epoch: row.epoch,
    engaged: fromBit(row.engaged),
    eventId: row.event_id,
    actor: { kind: row.actor_kind as Actor['kind'], id: row.actor_id, name: row.actor_name },
    requestId: row.request_id,
    reason: row.reason,
    atMs: row.at,
  };
}
