import { sql } from 'kysely';
import type { Querier } from '../store/tables.ts';
import { specOf } from './release.ts';

/** A release under way that needs a flag. */
export interface ReleaseOfFlag {
  readonly id: string;
  readonly title: string;
  /** Key of the environment. */
  readonly environment: string;
  /** Of the flag, that it takes people to or brings them back to; none where only its migration needs the flag. */
  readonly variants: readonly string[];
}

/** Releases under way, in whichever environment, that move a flag, or the migration that it drives. */
export async function findReleasesOfFlag(db: Querier, flagId: string): Promise<ReleaseOfFlag[]> {
  const rows = await db
    .selectFrom('release_targets')
    .innerJoin('releases', 'releases.id', 'release_targets.release_id')
    .innerJoin('environments', 'environments.id', 'release_targets.environment_id')
    .leftJoin('migration_plans', (join) =>
      join
        .onRef('migration_plans.environment_id', '=', 'release_targets.environment_id')
        .on('release_targets.target', '=', sql<string>`'migration:' || migration_plans.key`),
    )
    .select(['releases.id', 'releases.title', 'releases.spec', 'environments.key as environment'])
    .distinct()
    .where((where) =>
      where.or([where('release_targets.target', '=', `flag:${flagId}`), where('migration_plans.flag_id', '=', flagId)]),
    )
    .execute();
  return rows.map(({ spec, ...release }) => {
    const held = specOf({ spec }).flags.find(({ id }) => id === flagId);
    return { ...release, variants: held === undefined ? [] : [held.candidate, held.baseline] };
  });
}
