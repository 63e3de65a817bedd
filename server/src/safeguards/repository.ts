import type { After } from '../store/after.ts';
import { readCounter } from '../store/counters.ts';
import type { SafeguardRow, SafeguardVerdictRow } from '../store/tables/safeguards.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertSafeguard(tx: DatabaseTransaction, row: SafeguardRow): Promise<void> {
  await tx.insertInto('safeguards').values(row).execute();
}

export async function updateSafeguard(
  tx: DatabaseTransaction,
  id: string,
  columns: Partial<Omit<SafeguardRow, 'id'>>,
): Promise<void> {
  await tx.updateTable('safeguards').set(columns).where('id', '=', id).execute();
}

export async function deleteSafeguard(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('safeguards').where('id', '=', id).execute();
}

export async function findSafeguard(db: Querier, environmentId: string, id: string): Promise<SafeguardRow | undefined> {
  return db
    .selectFrom('safeguards')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function countSafeguards(db: Querier, environmentId: string): Promise<number> {
  const { count } = await db
    .selectFrom('safeguards')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('environment_id', '=', environmentId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Oldest first. */
export async function findSafeguards(
  db: Querier,
  environmentId: string,
  { afterId = '', limit }: After,
): Promise<SafeguardRow[]> {
  return db
    .selectFrom('safeguards')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** All that is needed to judge, as the database has it. */
export type SafeguardRows = Awaited<ReturnType<typeof readSafeguards>>;

/** @param tx a snapshot: what is read belongs together */
export async function readSafeguards(tx: DatabaseTransaction) {
  const safeguards = await tx
    .selectFrom('safeguards')
    .innerJoin('environments', 'environments.id', 'safeguards.environment_id')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .selectAll('safeguards')
    .select(['projects.key as project', 'projects.id as project_id', 'environments.key as environment'])
    .orderBy('safeguards.id')
    .execute();
  const withTags = [
    ...new Set(safeguards.filter(({ definition }) => definition.includes('"tag":')).map((row) => row.project_id)),
  ];
  const tagged =
    withTags.length === 0
      ? []
      : await tx
          .selectFrom('flags')
          .select(['project_id', 'key', 'tags'])
          .where('project_id', 'in', withTags)
          .where('tags', '<>', '[]')
          .execute();
  const sources = await tx
    .selectFrom('data_sources')
    .innerJoin('projects', 'projects.id', 'data_sources.project_id')
    .selectAll('data_sources')
    .select('projects.key as project')
    .execute();
  return { count: await readCounter(tx, 'safeguards'), safeguards, tagged, sources };
}

/**
 * Says that a safeguard has failed about a flag.
 * @returns false: that is known from about the same time, because another server saw the same
 */
export async function noteFailure(
  tx: DatabaseTransaction,
  { id, flag, atMs, sameMs }: Readonly<{ id: string; flag: string; atMs: number; sameMs: number }>,
): Promise<boolean> {
  await tx.updateTable('safeguards').set({ failed_at: atMs }).where('id', '=', id).execute();
  const known = await tx
    .selectFrom('safeguard_verdicts')
    .select('id')
    .where('safeguard_id', '=', id)
    .where('flag', '=', flag)
    .where('at', '>', atMs - sameMs)
    .where('at', '<', atMs + sameMs)
    .executeTakeFirst();
  return known === undefined;
}

export async function insertVerdict(tx: DatabaseTransaction, row: SafeguardVerdictRow): Promise<void> {
  await tx.insertInto('safeguard_verdicts').values(row).execute();
}

export async function findVerdict(
  db: Querier,
  environmentId: string,
  id: string,
): Promise<SafeguardVerdictRow | undefined> {
  return db
    .selectFrom('safeguard_verdicts')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst();
}

interface VerdictFilter {
  readonly safeguard?: string | undefined;
  readonly flag?: string | undefined;
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function findVerdicts(
  db: Querier,
  environmentId: string,
  { safeguard, flag, beforeId, limit }: VerdictFilter,
): Promise<SafeguardVerdictRow[]> {
  let select = db
    .selectFrom('safeguard_verdicts')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (safeguard !== undefined) select = select.where('safeguard_id', '=', safeguard);
  if (flag !== undefined) select = select.where('flag', '=', flag);
  if (beforeId !== undefined) select = select.where('id', '<', beforeId);
  return select.execute();
}
