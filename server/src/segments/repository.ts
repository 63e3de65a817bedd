import { sql } from 'kysely';
import { containing, searchable } from '../http/page.ts';
import type { SegmentRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertSegment(tx: DatabaseTransaction, row: SegmentRow): Promise<void> {
  const search_text = searchable(row.key, row.name);
  await tx
    .insertInto('segments')
    .values({ ...row, search_text })
    .execute();
}

export async function updateSegment(tx: DatabaseTransaction, row: SegmentRow): Promise<void> {
  const { environment_id, key, ...rest } = row;
  await tx
    .updateTable('segments')
    .set({ ...rest, search_text: searchable(key, row.name) })
    .where('environment_id', '=', environment_id)
    .where('key', '=', key)
    .execute();
}

export async function deleteSegment(tx: DatabaseTransaction, environmentId: string, key: string): Promise<void> {
  await tx.deleteFrom('segments').where('environment_id', '=', environmentId).where('key', '=', key).execute();
}

export async function findSegment(db: Querier, environmentId: string, key: string): Promise<SegmentRow | undefined> {
  return db
    .selectFrom('segments')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** The keys of those of these segments that there are. */
export async function findSegmentKeys(db: Querier, environmentId: string, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await db
    .selectFrom('segments')
    .select('key')
    .where('environment_id', '=', environmentId)
    .where('key', 'in', keys)
    .execute();
  return rows.map(({ key }) => key);
}

/** What the environment's segments say besides keys, where they say anything. */
export async function findSegmentConditions(
  db: Querier,
  environmentId: string,
): Promise<Pick<SegmentRow, 'key' | 'conditions'>[]> {
  return db
    .selectFrom('segments')
    .select(['key', 'conditions'])
    .where('environment_id', '=', environmentId)
    .where('conditions', 'is not', null)
    .orderBy('key')
    .execute();
}

export interface SegmentListQuery {
  readonly search?: string | undefined;
  /** Only segments behind this key. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** By key. */
export async function findSegments(db: Querier, environmentId: string, query: SegmentListQuery): Promise<SegmentRow[]> {
  const { search, after, limit } = query;
  let select = db.selectFrom('segments').selectAll().where('environment_id', '=', environmentId).limit(limit);
  if (after !== undefined) select = select.where('key', '>', after);
  if (search !== undefined && search !== '') {
    const pattern = containing(search);
    select = select.where((eb) =>
      eb.or(
        // The key and name also for rows that an older server wrote.
        [eb.ref('search_text'), eb.ref('key'), sql`lower(${eb.ref('name')})`].map(
          (text) => sql<boolean>`${text} like ${pattern} escape '\\'`,
        ),
      ),
    );
  }
  return select.orderBy('key').execute();
}

/** The rules of flags that an environment serves, where they name any segment. */
export async function findRulesWithSegments(
  db: Querier,
  environmentId: string,
): Promise<{ readonly key: string; readonly rules: string }[]> {
  return db
    .selectFrom('flag_environments')
    .innerJoin('flags', 'flags.id', 'flag_environments.flag_id')
    .select(['flags.key', 'rules'])
    .where('environment_id', '=', environmentId)
    .where('flags.archived_at', 'is', null)
    .where('rules', 'like', '%"segment":%')
    .orderBy('flags.key')
    .execute();
}
