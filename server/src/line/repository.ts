import type { EnvironmentRow, ProjectRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
import { type LineStop, presentStop } from './line-stop.ts';

/** The stop that holds in an environment: its own, or the whole project's. */
export async function findStop(db: Querier, environmentId: string): Promise<LineStop | undefined> {
  const row = await db
    .selectFrom('environments')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .select(['environments.line as own', 'projects.line as whole'])
    .where('environments.id', '=', environmentId)
    .executeTakeFirst();
  return row && (presentStop(row.whole) ?? presentStop(row.own));
}

export async function saveProjectLine(
  tx: DatabaseTransaction,
  { id, version }: ProjectRow,
  line: LineStop,
): Promise<void> {
  const columns = { line: JSON.stringify(line), version: version + 1 };
  await tx.updateTable('projects').set(columns).where('id', '=', id).execute();
}

export async function saveEnvironmentLine(
  tx: DatabaseTransaction,
  { id, version }: EnvironmentRow,
  line: LineStop,
): Promise<void> {
  const columns = { line: JSON.stringify(line), version: version + 1 };
  await tx.updateTable('environments').set(columns).where('id', '=', id).execute();
}
