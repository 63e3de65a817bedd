import type { Querier, Tables } from '../store/tables.ts';

/** Tables of what a project has many of, each with an id in the order of time and a state. */
type StatefulTable = 'change_requests' | 'schedules';

export interface StateFilter {
  readonly state?: string | undefined;
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

function selectOfProject(db: Querier, table: StatefulTable, projectId: string) {
  return db.selectFrom(table).selectAll().where('project_id', '=', projectId);
}

export async function findRowOfProject<T extends StatefulTable>(
  db: Querier,
  table: T,
  projectId: string,
  id: string,
): Promise<Tables[T] | undefined> {
  const row: unknown = await selectOfProject(db, table, projectId).where('id', '=', id).executeTakeFirst();
  return row as Tables[T] | undefined;
}

/** Newest first. */
export async function findRowsOfProject<T extends StatefulTable>(
  db: Querier,
  table: T,
  projectId: string,
  { state, beforeId, limit }: StateFilter,
): Promise<Tables[T][]> {
  let select = selectOfProject(db, table, projectId).orderBy('id', 'desc').limit(limit);
  if (state !== undefined) select = select.where('state', '=', state);
  if (beforeId !== undefined) select = select.where('id', '<', beforeId);
  const rows: unknown = await select.execute();
  return rows as Tables[T][];
}
