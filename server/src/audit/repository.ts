import { sql } from 'kysely';
import { containing } from '../http/page.ts';
import { firstIdOf } from '../store/new-id.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** Where a chain ends. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: string;
}

export interface ChainHead extends ChainEnd {
  readonly chain: string;
}

/** An event with its place in a chain. */
export type ChainedEventRow = AuditEventRow & { readonly chain: string; readonly seq: number; readonly hash: string };

/** Reads where a chain ends, and keeps others from appending to it until the transaction ends. */
export async function lockChain(tx: DatabaseTransaction, chain: string, genesis: string): Promise<ChainEnd> {
  return tx
    .insertInto('audit_chains')
    .values({ chain, seq: 0, hash: genesis })
    .onConflict((conflict) => conflict.column('chain').doUpdateSet((eb) => ({ chain: eb.ref('excluded.chain') })))
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
}

export async function moveChain(tx: DatabaseTransaction, chain: string, end: ChainEnd): Promise<void> {
  await tx.updateTable('audit_chains').set({ seq: end.seq, hash: end.hash }).where('chain', '=', chain).execute();
}

export async function findChains(db: Querier): Promise<ChainHead[]> {
  return db.selectFrom('audit_chains').selectAll().orderBy('chain').execute();
}

/** In one statement: databases bound the number of parameters. */
const ROWS_AT_ONCE = 500;

/** Adds events, each in its place. */
export async function insertAuditEvents(tx: DatabaseTransaction, rows: readonly ChainedEventRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await tx
      .insertInto('audit_events')
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .execute();
  }
}

/** Gives events that are there their places. */
export async function placeAuditEvents(tx: DatabaseTransaction, rows: readonly ChainedEventRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('audit_events')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        chain: eb.ref('excluded.chain'),
        seq: eb.ref('excluded.seq'),
        hash: eb.ref('excluded.hash'),
      })),
    )
    .execute();
}

/** Events without a place, oldest first. @param ids of the only ones to look for */
export async function findUnchainedEvents(
  db: Querier,
  limit: number,
  ids?: readonly string[],
): Promise<AuditEventRow[]> {
  let select = db.selectFrom('audit_events').selectAll().where('seq', 'is', null).orderBy('id').limit(limit);
  if (ids !== undefined) select = select.where('id', 'in', ids);
  return select.execute();
}

export async function hasAuditEvent(db: Querier, id: string): Promise<boolean> {
  return (await db.selectFrom('audit_events').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

export async function findAuditEvent(db: Querier, id: string): Promise<AuditEventRow | undefined> {
  return db.selectFrom('audit_events').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The events of a chain behind a place, in its order. */
export async function findChainedEvents(
  db: Querier,
  chain: string,
  afterSeq: number,
  limit: number,
): Promise<ChainedEventRow[]> {
  const rows = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('chain', '=', chain)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows as ChainedEventRow[];
}

export interface AuditFilter {
  readonly project?: string;
  /** Only events of these. */
  readonly projects?: readonly string[] | undefined;
  readonly environment?: string;
  readonly targetKind?: string;
  readonly targetKey?: string;
  /** Id of the user or key. */
  readonly actor?: string;
  readonly action?: string;
  /** Only these. */
  readonly actions?: readonly string[];
  readonly change?: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** In the target's key, the actor's name, the action or the comment, in any case. */
  readonly search?: string;
}

export interface AuditQuery extends AuditFilter {
  /** Only events before this one. */
  readonly beforeId?: string;
  readonly limit: number;
}

/** Newest first: ids sort in the order they were made. */
export async function findAuditEvents(db: Querier, query: AuditQuery): Promise<AuditEventRow[]> {
  const { fromMs, untilMs, search } = query;
  if (query.projects?.length === 0) return [];
  let select = db.selectFrom('audit_events').selectAll().orderBy('id', 'desc').limit(query.limit);
  for (const [column, value] of [
    ['project', query.project],
    ['environment', query.environment],
    ['target_kind', query.targetKind],
    ['target_key', query.targetKey],
    ['actor_id', query.actor],
    ['action', query.action],
    ['change_id', query.change],
  ] as const) {
    if (value !== undefined) select = select.where(column, '=', value);
  }
  if (query.actions !== undefined) select = select.where('action', 'in', query.actions);
  if (query.projects !== undefined) select = select.where('project', 'in', query.projects);
  // An id's time is that of its event, or later when the clock stepped back: the index on ids ends the search.
  if (fromMs !== undefined) select = select.where('at', '>=', fromMs).where('id', '>=', firstIdOf(fromMs));
  if (untilMs !== undefined) select = select.where('at', '<', untilMs);
  if (search !== undefined && search !== '') {
    const pattern = containing(search);
    select = select.where((eb) =>
      eb.or(
        (['target_key', 'actor_name', 'action', 'comment'] as const).map(
          (column) => sql<boolean>`lower(${eb.ref(column)}) like ${pattern} escape '\\'`,
        ),
      ),
    );
  }
  if (query.beforeId !== undefined) select = select.where('id', '<', query.beforeId);
  return select.execute();
}

/** The events of these changes, and these events, oldest first. */
export async function findEventsOf(
  db: Querier,
  changes: readonly string[],
  events: readonly string[],
): Promise<AuditEventRow[]> {
  if (changes.length + events.length === 0) return [];
  return db
    .selectFrom('audit_events')
    .selectAll()
    .where((eb) =>
      eb.or([
        ...(changes.length === 0 ? [] : [eb('change_id', 'in', changes)]),
        ...(events.length === 0 ? [] : [eb('id', 'in', events)]),
      ]),
    )
    .orderBy('id')
    .execute();
}

/** Erases from where events before a moment came. Their digests stay, so the chains hold. */
export async function eraseOrigins(db: Querier, beforeMs: number): Promise<void> {
  await db
    .updateTable('audit_events')
    .set({ origin: null })
    .where('at', '<', beforeMs)
    .where('origin', 'is not', null)
    .execute();
}
