import type { AuditEventRow, DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertAuditEvent(tx: DatabaseTransaction, row: AuditEventRow): Promise<void> {
  await tx.insertInto('audit_events').values(row).execute();
}

/** Inserts an event unless it is there: several servers may tell of the same one. */
export async function ensureAuditEvent(tx: DatabaseTransaction, row: AuditEventRow): Promise<void> {
  await tx
    .insertInto('audit_events')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

export interface AuditQuery {
  readonly project?: string;
  readonly environment?: string;
  readonly flag?: string;
  /** Only events before this one. */
  readonly beforeId?: string;
  readonly limit: number;
}

/** Newest first: ids sort in the order they were made. */
export async function findAuditEvents(db: Querier, query: AuditQuery): Promise<AuditEventRow[]> {
  let select = db.selectFrom('audit_events').selectAll().orderBy('id', 'desc').limit(query.limit);
  if (query.project !== undefined) select = select.where('project', '=', query.project);
  if (query.environment !== undefined) select = select.where('environment', '=', query.environment);
  if (query.flag !== undefined) select = select.where('target_kind', '=', 'flag').where('target_key', '=', query.flag);
  if (query.beforeId !== undefined) select = select.where('id', '<', query.beforeId);
  return select.execute();
}
