import { sql } from 'kysely';
import type { LoggedDecision } from '../decision-log/decision.ts';
import { containing } from '../http/page.ts';
import type { ReleaseDecisionRow, ReleaseRow } from '../store/tables/releases.ts';
import type { Database, DatabaseTransaction, Querier } from '../store/tables.ts';
import { ACTIVE, type Phase } from './phase.ts';

export async function insertRelease(tx: DatabaseTransaction, row: ReleaseRow): Promise<void> {
  await tx.insertInto('releases').values(row).execute();
}

/** @returns false when it is not in the version that `row` follows any more */
export async function saveRelease(tx: DatabaseTransaction, row: ReleaseRow): Promise<boolean> {
  const { id, version, ...columns } = row;
  const { numUpdatedRows } = await tx
    .updateTable('releases')
    .set({ ...columns, version })
    .where('id', '=', id)
    .where('version', '=', version - 1)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function findRelease(db: Querier, projectId: string, id: string): Promise<ReleaseRow | undefined> {
  return db
    .selectFrom('releases')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst();
}

interface ReleaseFilter {
  readonly environmentId?: string | undefined;
  readonly phase?: string | undefined;
  /** What their titles contain, in any case. */
  readonly search?: string | undefined;
  /** Whether they hold what they move, or wait for their time. */
  readonly underWay?: boolean | undefined;
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

const UNDER_WAY: readonly Phase[] = ['scheduled', ...ACTIVE];

/** Newest first. */
export async function findReleases(
  db: Querier,
  projectId: string,
  { environmentId, phase, search = '', underWay, beforeId, limit }: ReleaseFilter,
): Promise<ReleaseRow[]> {
  let select = db
    .selectFrom('releases')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (environmentId !== undefined) select = select.where('environment_id', '=', environmentId);
  if (phase !== undefined) select = select.where('phase', '=', phase);
  if (underWay !== undefined) select = select.where('phase', underWay ? 'in' : 'not in', UNDER_WAY);
  if (search !== '') select = select.where(sql<boolean>`lower(title) like ${containing(search)} escape '\\'`);
  if (beforeId !== undefined) select = select.where('id', '<', beforeId);
  return select.execute();
}

/** A release with the keys of where it is. */
export type PlacedRelease = ReleaseRow & { readonly project: string; readonly environment: string };

/** All that have something to do by themselves: those under way, and those whose time has come. */
export async function findReleasesAtWork(db: Database, nowMs: number): Promise<PlacedRelease[]> {
  return placed(db)
    .where((where) =>
      where.or([
        where('releases.phase', 'in', ACTIVE),
        where.and([where('releases.phase', '=', 'scheduled'), where('releases.starts_at', '<=', nowMs)]),
      ]),
    )
    .orderBy('releases.id')
    .execute();
}

interface Began {
  readonly id: string;
  readonly environment_id: string;
  readonly beganAtMs: number;
}

/** Notes since when a release moves its targets; a later attempt has a later time. */
export async function noteMoves(
  tx: DatabaseTransaction,
  { id, environment_id, beganAtMs: began_at }: Began,
  targets: readonly string[],
): Promise<void> {
  await tx
    .insertInto('release_moves')
    .values(targets.map((target) => ({ release_id: id, environment_id, target, began_at })))
    .onConflict((conflict) => conflict.columns(['release_id', 'target']).doUpdateSet({ began_at }))
    .execute();
}

/** The title of a release that began later to move one of these, and is under way or has succeeded; undefined: none is. */
export async function findNewer(
  db: Querier,
  { id, environment_id, beganAtMs }: Began,
  targets: readonly string[],
): Promise<string | undefined> {
  const newer = await db
    .selectFrom('release_moves')
    .innerJoin('releases', 'releases.id', 'release_moves.release_id')
    .select('releases.title')
    .where('release_moves.environment_id', '=', environment_id)
    .where('release_moves.target', 'in', targets)
    .where((where) =>
      where.or([
        where('release_moves.began_at', '>', beganAtMs),
        where.and([where('release_moves.began_at', '=', beganAtMs), where('release_moves.release_id', '>', id)]),
      ]),
    )
    .where('releases.phase', 'in', [...ACTIVE, 'succeeded'])
    .orderBy('release_moves.began_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newer?.title;
}

/** One of them as it is now. */
export async function findPlacedRelease(db: Querier, id: string): Promise<PlacedRelease | undefined> {
  return placed(db).where('releases.id', '=', id).executeTakeFirst();
}

function placed(db: Querier) {
  return db
    .selectFrom('releases')
    .innerJoin('projects', 'projects.id', 'releases.project_id')
    .innerJoin('environments', 'environments.id', 'releases.environment_id')
    .selectAll('releases')
    .select(['projects.key as project', 'environments.key as environment']);
}

/** What a release under way holds in an environment; undefined: nothing does. */
export async function findHolder(
  db: Querier,
  environmentId: string,
  targets: readonly string[],
): Promise<(Pick<ReleaseRow, 'id' | 'title' | 'phase'> & { readonly target: string }) | undefined> {
  return db
    .selectFrom('release_targets')
    .innerJoin('releases', 'releases.id', 'release_targets.release_id')
    .select(['releases.id', 'releases.title', 'releases.phase', 'release_targets.target'])
    .where('release_targets.environment_id', '=', environmentId)
    .where('release_targets.target', 'in', targets)
    .executeTakeFirst();
}

/** One of the releases under way in an environment; undefined: there is none. */
export async function findUnderWay(
  db: Querier,
  environmentId: string,
): Promise<Pick<ReleaseRow, 'id' | 'title'> | undefined> {
  return db
    .selectFrom('releases')
    .select(['id', 'title'])
    .where('environment_id', '=', environmentId)
    .where('phase', 'in', ACTIVE)
    .executeTakeFirst();
}

/** Those of a project in these phases, oldest first. */
export async function findReleasesIn(
  db: Querier,
  projectId: string,
  phases: readonly Phase[],
): Promise<Pick<PlacedRelease, 'id' | 'title' | 'phase' | 'spec' | 'environment'>[]> {
  return db
    .selectFrom('releases')
    .innerJoin('environments', 'environments.id', 'releases.environment_id')
    .select(['releases.id', 'releases.title', 'releases.phase', 'releases.spec', 'environments.key as environment'])
    .where('releases.project_id', '=', projectId)
    .where('releases.phase', 'in', phases)
    .orderBy('releases.id')
    .execute();
}

/** The release under way that holds a flag in an environment. */
export async function findReleaseOfFlag(
  db: Querier,
  { project, environment, flag }: { readonly project: string; readonly environment: string; readonly flag: string },
): Promise<PlacedRelease | undefined> {
  return placed(db)
    .innerJoin('release_targets', 'release_targets.release_id', 'releases.id')
    .innerJoin('flags', 'flags.project_id', 'projects.id')
    .where('projects.key', '=', project)
    .where('environments.key', '=', environment)
    .where('flags.key', '=', flag)
    .where('release_targets.target', '=', sql<string>`'flag:' || flags.id`)
    .executeTakeFirst();
}

/** @throws a collision when another release takes one of them at the same moment */
export async function holdTargets(
  tx: DatabaseTransaction,
  { id, environment_id }: Pick<ReleaseRow, 'id' | 'environment_id'>,
  targets: readonly string[],
): Promise<void> {
  await tx
    .insertInto('release_targets')
    .values(targets.map((target) => ({ environment_id, target, release_id: id })))
    .execute();
}

export async function letTargetsGo(tx: DatabaseTransaction, releaseId: string): Promise<void> {
  await tx.deleteFrom('release_targets').where('release_id', '=', releaseId).execute();
}

export async function insertDecision(
  tx: DatabaseTransaction,
  releaseId: string,
  { id, atMs, by, basis, facts, after, decision }: LoggedDecision,
): Promise<void> {
  const row = {
    ...{ id, release_id: releaseId, at: atMs, actor: JSON.stringify(by), decision },
    ...{ state: JSON.stringify(after), facts: JSON.stringify(facts), basis: basis && JSON.stringify(basis) },
  };
  await tx.insertInto('release_decisions').values(row).execute();
}

/** Of the latest decision; undefined: there is none. */
export async function findLastDecisionId(db: Querier, releaseId: string): Promise<string | undefined> {
  const [last] = await findDecisions(db, releaseId, { limit: 1 });
  return last?.id;
}

/** Newest first. */
export async function findDecisions(
  db: Querier,
  releaseId: string,
  { beforeId, limit }: { readonly beforeId?: string | undefined; readonly limit: number },
): Promise<ReleaseDecisionRow[]> {
  let select = db
    .selectFrom('release_decisions')
    .selectAll()
    .where('release_id', '=', releaseId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (beforeId !== undefined) select = select.where('id', '<', beforeId);
  return select.execute();
}

/** Ids of the releases under way that hold any of these targets in an environment. */
export async function findHolders(db: Querier, environmentId: string, targets: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('release_targets')
    .select('release_id')
    .distinct()
    .where('environment_id', '=', environmentId)
    .where('target', 'in', targets)
    .execute();
  return rows.map(({ release_id }) => release_id);
}
