import { findRowOfProject, findRowsOfProject, type StateFilter } from '../projects/rows-of-project.ts';
import type { ScheduleRow, ScheduleRunRow } from '../store/tables/change-requests.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertSchedule(tx: DatabaseTransaction, row: ScheduleRow): Promise<void> {
  await tx.insertInto('schedules').values(row).execute();
}

export async function updateSchedule(
  tx: DatabaseTransaction,
  id: string,
  columns: Partial<Omit<ScheduleRow, 'id'>>,
): Promise<void> {
  await tx.updateTable('schedules').set(columns).where('id', '=', id).execute();
}

export function findSchedule(db: Querier, projectId: string, id: string): Promise<ScheduleRow | undefined> {
  return findRowOfProject(db, 'schedules', projectId, id);
}

/** Newest first. */
export function findSchedules(db: Querier, projectId: string, filter: StateFilter): Promise<ScheduleRow[]> {
  return findRowsOfProject(db, 'schedules', projectId, filter);
}

/** A schedule that is due, with its project's key. */
export type DueSchedule = ScheduleRow & { readonly project: string; readonly due_at: number };

/**
 * What is due by now, the longest first.
 * @param after only what comes behind this one
 */
export async function findDueSchedules(
  db: Querier,
  nowMs: number,
  limit: number,
  after?: Pick<DueSchedule, 'due_at' | 'id'>,
): Promise<DueSchedule[]> {
  let select = db
    .selectFrom('schedules')
    .innerJoin('projects', 'projects.id', 'schedules.project_id')
    .selectAll('schedules')
    .select('projects.key as project')
    .where('state', '=', 'active')
    .where('due_at', '<=', nowMs)
    .orderBy('due_at')
    .orderBy('schedules.id')
    .limit(limit);
  if (after !== undefined) {
    const { due_at, id } = after;
    select = select.where((eb) =>
      eb.or([eb('due_at', '>', due_at), eb.and([eb('due_at', '=', due_at), eb('schedules.id', '>', id)])]),
    );
  }
  return select.$narrowType<{ due_at: number }>().execute();
}

/**
 * Moves a schedule on from the time at which it was due.
 * @returns false: another server did, or someone paused or cancelled it
 */
export async function advanceSchedule(
  tx: DatabaseTransaction,
  { id, due_at, due_edge }: DueSchedule,
  columns: Partial<ScheduleRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('schedules')
    .set(columns)
    .where('id', '=', id)
    .where('state', '=', 'active')
    .where('due_at', '=', due_at)
    .where('due_edge', '=', due_edge)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function insertRuns(tx: DatabaseTransaction, rows: readonly ScheduleRunRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('schedule_runs').values(rows).execute();
}

/** Newest first. */
export async function findRuns(
  db: Querier,
  scheduleId: string,
  { beforeMs, limit }: { readonly beforeMs?: number | undefined; readonly limit: number },
): Promise<ScheduleRunRow[]> {
  let select = db
    .selectFrom('schedule_runs')
    .selectAll()
    .where('schedule_id', '=', scheduleId)
    .orderBy('due_at', 'desc')
    .limit(limit);
  if (beforeMs !== undefined) select = select.where('due_at', '<', beforeMs);
  return select.execute();
}
