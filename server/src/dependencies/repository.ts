import { sql } from 'kysely';
import type { Querier } from '../store/tables.ts';

/** A flag that a release under way holds. */
export interface HeldFlag {
  /** The release's id. */
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  /** Its key. */
  readonly flag: string;
}

/** The flags of an environment that releases hold, by release. */
export async function findHeldFlags(db: Querier, environmentId: string): Promise<HeldFlag[]> {
  return db
    .selectFrom('release_targets')
    .innerJoin('releases', 'releases.id', 'release_targets.release_id')
    .innerJoin('flags', (join) => join.on('release_targets.target', '=', sql<string>`'flag:' || flags.id`))
    .select(['releases.id', 'releases.title', 'releases.phase', 'flags.key as flag'])
    .where('release_targets.environment_id', '=', environmentId)
    .orderBy('releases.id')
    .orderBy('flags.key')
    .execute();
}
