import type { ContextSampling } from '@bunting/core';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export const MODES = ['off', 'attributes', 'contexts'] as const satisfies readonly ContextSampling[];

/** Names and types help whoever writes rules, and say nothing of anyone. */
export const DEFAULT_MODE: ContextSampling = 'attributes';

/** By environment id; those that are not in it have the default. */
export async function findModes(db: Querier): Promise<Map<string, ContextSampling>> {
  const rows = await db.selectFrom('context_sampling').selectAll().execute();
  return new Map(rows.map(({ environment_id, mode }) => [environment_id, toMode(mode)]));
}

export async function findMode(db: Querier, environmentId: string): Promise<ContextSampling> {
  const row = await db
    .selectFrom('context_sampling')
    .select('mode')
    .where('environment_id', '=', environmentId)
    .executeTakeFirst();
  return row === undefined ? DEFAULT_MODE : toMode(row.mode);
}

export async function saveMode(tx: DatabaseTransaction, environmentId: string, mode: ContextSampling): Promise<void> {
  await tx
    .insertInto('context_sampling')
    .values({ environment_id: environmentId, mode })
    .onConflict((conflict) => conflict.column('environment_id').doUpdateSet({ mode }))
    .execute();
}

/** By the project's key. */
export async function findAllPrivate(db: Querier): Promise<Map<string, readonly string[]>> {
  const rows = await db
    .selectFrom('private_attributes')
    .innerJoin('projects', 'projects.id', 'private_attributes.project_id')
    .select(['projects.key', 'private_attributes.paths'])
    .execute();
  return new Map(rows.map(({ key, paths }) => [key, JSON.parse(paths) as string[]]));
}

export interface PrivateList {
  readonly attributes: string[];
  readonly version: number;
}

export async function findPrivate(db: Querier, projectId: string): Promise<PrivateList> {
  const row = await db
    .selectFrom('private_attributes')
    .select(['paths', 'version'])
    .where('project_id', '=', projectId)
    .executeTakeFirst();
  if (row === undefined) return { attributes: [], version: 0 };
  return { attributes: JSON.parse(row.paths) as string[], version: row.version };
}

export async function savePrivate(
  tx: DatabaseTransaction,
  projectId: string,
  { attributes, version }: PrivateList,
): Promise<void> {
  const paths = JSON.stringify(attributes);
  await tx
    .insertInto('private_attributes')
    .values({ project_id: projectId, paths, version })
    .onConflict((conflict) => conflict.column('project_id').doUpdateSet({ paths, version }))
    .execute();
}

/** One that only a later version knows may be about anything: nothing is sampled then. */
function toMode(mode: string): ContextSampling {
  return MODES.find((known) => known === mode) ?? 'off';
}
