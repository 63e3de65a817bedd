import type { FlagEnvironmentRow, FlagRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
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

/** Which flag had this key before it was renamed, by its present key. */
export async function findFormerFlag(db: Querier, projectId: string, key: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('former_flag_keys')
    .innerJoin('flags', 'flags.id', 'former_flag_keys.flag_id')
    .select('flags.key')
    .where('former_flag_keys.project_id', '=', projectId)
    .where('former_flag_keys.key', '=', key)
    .executeTakeFirst();
  return row?.key;
}

/** Keeps a key from others that the flag has had so far; a flag may come back to its own. */
export async function keepFormerKey(
  tx: DatabaseTransaction,
  flag: FlagRow,
  newKey: string,
  atMs: number,
): Promise<void> {
  const { id, project_id, key } = flag;
  await tx.deleteFrom('former_flag_keys').where('project_id', '=', project_id).where('key', '=', newKey).execute();
  await tx.insertInto('former_flag_keys').values({ project_id, key, flag_id: id, renamed_at: atMs }).execute();
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
