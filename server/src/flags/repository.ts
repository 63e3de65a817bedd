import { sql } from 'kysely';
import { containing } from '../http/page.ts';
import type { DatabaseTransaction, FlagEnvironmentRow, FlagRow, Querier } from '../store/tables.ts';
import type { NamedEnvironmentRow } from './flag.ts';

export async function insertFlag(tx: DatabaseTransaction, row: FlagRow): Promise<void> {
  await tx.insertInto('flags').values(row).execute();
}

export async function updateFlag(tx: DatabaseTransaction, id: string, row: Partial<FlagRow>): Promise<void> {
  await tx.updateTable('flags').set(row).where('id', '=', id).execute();
}

export async function insertFlagEnvironment(tx: DatabaseTransaction, row: FlagEnvironmentRow): Promise<void> {
  await tx.insertInto('flag_environments').values(row).execute();
}

export async function updateFlagEnvironment(tx: DatabaseTransaction, row: FlagEnvironmentRow): Promise<void> {
  const { flag_id, environment_id, ...rest } = row;
  await tx
    .updateTable('flag_environments')
    .set(rest)
    .where('flag_id', '=', flag_id)
    .where('environment_id', '=', environment_id)
    .execute();
}

export async function findFlag(db: Querier, projectId: string, key: string): Promise<FlagRow | undefined> {
  return db
    .selectFrom('flags')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** In the order that people gave the environments. */
export async function findFlagEnvironments(db: Querier, flagIds: readonly string[]): Promise<NamedEnvironmentRow[]> {
  if (flagIds.length === 0) return [];
  return db
    .selectFrom('flag_environments')
    .innerJoin('environments', 'environments.id', 'flag_environments.environment_id')
    .selectAll('flag_environments')
    .select('environments.key as environment')
    .where('flag_id', 'in', flagIds)
    .orderBy('environments.position')
    .orderBy('environments.key')
    .execute();
}

export async function findFlagsByKey(db: Querier, projectId: string, keys: readonly string[]): Promise<FlagRow[]> {
  if (keys.length === 0) return [];
  return db.selectFrom('flags').selectAll().where('project_id', '=', projectId).where('key', 'in', keys).execute();
}

/** A flag that depends on others in an environment. */
export interface Dependent {
  readonly key: string;
  readonly environment_id: string;
  readonly environment: string;
  /** JSON: Prerequisite[]. */
  readonly prerequisites: string;
}

/** Archived flags do not depend on anything until they are restored. */
export async function findDependents(db: Querier, projectId: string): Promise<Dependent[]> {
  return db
    .selectFrom('flag_environments')
    .innerJoin('flags', 'flags.id', 'flag_environments.flag_id')
    .innerJoin('environments', 'environments.id', 'flag_environments.environment_id')
    .select(['flags.key', 'environment_id', 'environments.key as environment', 'prerequisites'])
    .where('flag_environments.prerequisites', 'is not', null)
    .where('flags.project_id', '=', projectId)
    .where('flags.archived_at', 'is', null)
    .orderBy('flags.key')
    .orderBy('environments.position')
    .$narrowType<{ prerequisites: string }>()
    .execute();
}

export async function findAllFlags(db: Querier, projectId: string): Promise<FlagRow[]> {
  return db.selectFrom('flags').selectAll().where('project_id', '=', projectId).execute();
}

export interface FlagListQuery {
  readonly search?: string;
  readonly type?: string;
  readonly archived: boolean;
  /** Only flags behind this position: by key, or by latest update and then key. */
  readonly after?: { readonly key: string; readonly updatedAtMs?: number };
  readonly sort: 'key' | '-updatedAt';
  readonly limit: number;
}

export async function findFlags(db: Querier, projectId: string, query: FlagListQuery): Promise<FlagRow[]> {
  const { search, type, archived, after, sort, limit } = query;
  let select = db
    .selectFrom('flags')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('archived_at', archived ? 'is not' : 'is', null)
    .limit(limit);
  if (type !== undefined) select = select.where('type', '=', type);
  if (search !== undefined && search !== '') {
    const pattern = containing(search);
    select = select.where((eb) =>
      eb.or(
        (['key', 'name', 'description', 'tags'] as const).map(
          (column) => sql<boolean>`lower(${eb.ref(column)}) like ${pattern} escape '\\'`,
        ),
      ),
    );
  }
  if (sort === 'key') {
    if (after !== undefined) select = select.where('key', '>', after.key);
    return select.orderBy('key').execute();
  }
  const updatedAtMs = after?.updatedAtMs;
  if (after !== undefined && updatedAtMs !== undefined) {
    select = select.where((eb) =>
      eb.or([
        eb('updated_at', '<', updatedAtMs),
        eb.and([eb('updated_at', '=', updatedAtMs), eb('key', '>', after.key)]),
      ]),
    );
  }
  return select.orderBy('updated_at', 'desc').orderBy('key').execute();
}
