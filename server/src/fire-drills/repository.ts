import type { FireDrillRow, FireDrillRunRow } from '../store/tables/kills.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function findFireDrill(db: Querier, environmentId: string): Promise<FireDrillRow | undefined> {
  return db.selectFrom('fire_drills').selectAll().where('environment_id', '=', environmentId).executeTakeFirst();
}

export async function saveFireDrill(tx: DatabaseTransaction, row: FireDrillRow): Promise<void> {
  await tx
    .insertInto('fire_drills')
    .values(row)
    .onConflict((conflict) => conflict.column('environment_id').doUpdateSet(row))
    .execute();
}

export async function deleteFireDrill(tx: DatabaseTransaction, environmentId: string): Promise<void> {
  await tx.deleteFrom('fire_drills').where('environment_id', '=', environmentId).execute();
}

/** Of all environments. */
export async function findFireDrills(db: Querier): Promise<FireDrillRow[]> {
  return db.selectFrom('fire_drills').selectAll().orderBy('environment_id').execute();
}

/** Takes a drill that is due. @returns false: another server did, or someone changed it */
export async function claimFireDrill(
  db: Querier,
  { environment_id, due_at }: FireDrillRow,
  nextMs: number | null,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('fire_drills')
    .set({ due_at: nextMs })
    .where('environment_id', '=', environment_id)
    .where('due_at', '=', due_at)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function insertRun(db: Querier, row: FireDrillRunRow): Promise<void> {
  await db.insertInto('fire_drill_runs').values(row).execute();
}

/** @returns false: it has ended already */
export async function endRun(
  tx: DatabaseTransaction,
  id: string,
  columns: Pick<FireDrillRunRow, 'outcome' | 'result'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('fire_drill_runs')
    .set(columns)
    .where('id', '=', id)
    .where('outcome', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** That began before a moment and has not ended. */
export async function findUnended(
  db: Querier,
  environmentId: string,
  beforeMs: number,
): Promise<FireDrillRunRow | undefined> {
  return db
    .selectFrom('fire_drill_runs')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('outcome', '=', 'running')
    .where('started_at', '<=', beforeMs)
    .orderBy('started_at', 'desc')
    .executeTakeFirst();
}

/** Newest first. @param beforeId the last one of the page before */
export async function findRuns(
  db: Querier,
  environmentId: string,
  { beforeId, limit }: { readonly beforeId?: string | undefined; readonly limit: number },
): Promise<FireDrillRunRow[]> {
  let select = db
    .selectFrom('fire_drill_runs')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (beforeId !== undefined) select = select.where('id', '<', beforeId);
  return select.execute();
}
