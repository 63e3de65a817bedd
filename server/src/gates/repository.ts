import { ACTIVE } from '../releases/phase.ts';
import type { GateMeasurementRow, GateRunRow } from '../store/tables/releases.ts';
import type { Database, DatabaseTransaction, Querier } from '../store/tables.ts';
import type { GateSubject } from './gate.ts';

/** As the table has it. */
export const WATCH_STAGE = -1;

/** Those of one stage of an attempt. */
export async function findRuns(
  db: Querier,
  { releaseId, attempt, stage }: Pick<GateSubject, 'releaseId' | 'attempt' | 'stage'>,
): Promise<GateRunRow[]> {
  return db
    .selectFrom('gate_runs')
    .selectAll()
    .where('release_id', '=', releaseId)
    .where('attempt', '=', attempt)
    .where('stage', '=', stage === 'watch' ? WATCH_STAGE : stage)
    .execute();
}

/** All of a release: the latest attempt first, in it those that are watched, then by stage. */
export async function findRunsOfRelease(db: Querier, releaseId: string): Promise<GateRunRow[]> {
  return db
    .selectFrom('gate_runs')
    .selectAll()
    .where('release_id', '=', releaseId)
    .orderBy('attempt', 'desc')
    .orderBy('stage')
    .orderBy('id')
    .execute();
}

/** What another server has begun meanwhile stays as it is. */
export async function insertRun(db: Database, row: GateRunRow): Promise<void> {
  await db
    .insertInto('gate_runs')
    .values(row)
    .onConflict((conflict) => conflict.columns(['release_id', 'attempt', 'stage', 'gate']).doNothing())
    .execute();
}

/**
 * Adds one measurement, and what all come to now.
 * @returns false when the run has gone on without this one: another server judges it
 */
export async function addMeasurement(
  db: Database,
  measurement: GateMeasurementRow,
  run: Pick<GateRunRow, 'state' | 'updated_at'>,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('gate_runs')
      .set({ ...run, next: measurement.number + 1 })
      .where('id', '=', measurement.run_id)
      .where('next', '=', measurement.number)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await tx.insertInto('gate_measurements').values(measurement).execute();
    return true;
  });
}

/** Those of a run from a number on, ascending. */
export async function findMeasurements(
  db: Querier,
  runId: string,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<GateMeasurementRow[]> {
  return db
    .selectFrom('gate_measurements')
    .selectAll()
    .where('run_id', '=', runId)
    .where('number', '>=', from)
    .orderBy('number')
    .limit(limit)
    .execute();
}

/** Forgets those before a number, which came to `base`. */
export async function rebase(
  tx: DatabaseTransaction,
  { id, base, base_next }: Pick<GateRunRow, 'id' | 'base' | 'base_next'>,
): Promise<void> {
  await tx.updateTable('gate_runs').set({ base, base_next }).where('id', '=', id).execute();
  await tx.deleteFrom('gate_measurements').where('run_id', '=', id).where('number', '<', base_next).execute();
}

/** Forgets what was measured before a time, but of releases under way; what it came to stays. */
export async function forgetMeasurements(db: Database, beforeMs: number): Promise<void> {
  await db
    .deleteFrom('gate_measurements')
    .where('to_at', '<', beforeMs)
    .where('run_id', 'not in', (runs) =>
      runs
        .selectFrom('gate_runs')
        .innerJoin('releases', 'releases.id', 'gate_runs.release_id')
        .select('gate_runs.id')
        .where('releases.phase', 'in', ACTIVE),
    )
    .execute();
}
