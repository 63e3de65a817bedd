import { sql } from 'kysely';
import { containing, searchable } from '../http/page.ts';
import type { ProjectRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertProject(tx: DatabaseTransaction, row: ProjectRow): Promise<void> {
  await tx.insertInto('projects').values(row).execute();
}

export async function updateProject(
  tx: DatabaseTransaction,
  { id, key }: Pick<ProjectRow, 'id' | 'key'>,
  row: Pick<ProjectRow, 'name' | 'version'>,
): Promise<void> {
  const search_text = searchable(key, row.name);
  await tx
    .updateTable('projects')
    .set({ ...row, search_text })
    .where('id', '=', id)
    .execute();
}

/** With its flags and environments. */
export async function deleteProject(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('projects').where('id', '=', id).execute();
}

/**
 * Inside a transaction that writes, the project is kept until its end: others that change something in the project wait,
 * so what one reads of it to judge its change by stays true. Projects do not wait for each other.
 */
export async function findProject(db: Querier, key: string): Promise<ProjectRow | undefined> {
  if (!db.isTransaction) return db.selectFrom('projects').selectAll().where('key', '=', key).executeTakeFirst();
  // Changes nothing. It locks the row on every engine alike.
  return db
    .updateTable('projects')
    .set((eb) => ({ name: eb.ref('name') }))
    .where('key', '=', key)
    .returningAll()
    .executeTakeFirst();
}

export interface ProjectQuery {
  readonly search?: string;
  /** Only these. */
  readonly keys?: readonly string[] | undefined;
  /** Only projects behind this key. */
  readonly afterKey?: string;
  readonly limit: number;
}

/** By key. */
export async function findProjects(
  db: Querier,
  { search, keys, afterKey, limit }: ProjectQuery,
): Promise<ProjectRow[]> {
  if (keys?.length === 0) return [];
  let select = db.selectFrom('projects').selectAll().orderBy('key').limit(limit);
  if (keys !== undefined) select = select.where('key', 'in', keys);
  if (afterKey !== undefined) select = select.where('key', '>', afterKey);
  if (search !== undefined && search !== '') {
    const pattern = containing(search);
    select = select.where((eb) =>
      // The key and name also for rows that an older server wrote.
      eb.or(
        [eb.ref('search_text'), eb.ref('key'), sql`lower(${eb.ref('name')})`].map(
          (text) => sql<boolean>`${text} like ${pattern} escape '\\'`,
        ),
      ),
    );
  }
  return select.execute();
}

/** How many flags that are not archived each project has. */
export async function countFlags(db: Querier, projectIds: readonly string[]): Promise<Map<string, number>> {
  if (projectIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('flags')
    .select((eb) => ['project_id', eb.fn.countAll<number>().as('count')])
    .where('project_id', 'in', projectIds)
    .where('archived_at', 'is', null)
    .groupBy('project_id')
    .execute();
  return new Map(rows.map((row) => [row.project_id, Number(row.count)]));
}
