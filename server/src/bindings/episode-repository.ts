import type { FlagTarget } from '../interventions/intervention.ts';
import type { Querier } from '../store/tables.ts';

/** An episode that a binding has acted on. */
export interface ActedEpisode {
  readonly bindingId: string;
  readonly episode: string;
  readonly atMs: number;
  /** What it paused, and has not lifted. */
  readonly paused: readonly FlagTarget[];
}

/** @returns false when it is claimed already: another server acts, or has acted */
export async function claimEpisode(db: Querier, { bindingId, episode, atMs }: ActedEpisode): Promise<boolean> {
  const row = await db
    .insertInto('binding_episodes')
    .values({ binding_id: bindingId, episode, acted_at: atMs, paused: '[]' })
    .onConflict((conflict) => conflict.columns(['binding_id', 'episode']).doNothing())
    .returning('episode')
    .executeTakeFirst();
  return row !== undefined;
}

/** Also of an episode whose claim is still on its way. */
export async function savePaused(db: Querier, { bindingId, episode, atMs, paused }: ActedEpisode): Promise<void> {
  const json = JSON.stringify(paused);
  await db
    .insertInto('binding_episodes')
    .values({ binding_id: bindingId, episode, acted_at: atMs, paused: json })
    .onConflict((conflict) => conflict.columns(['binding_id', 'episode']).doUpdateSet({ paused: json }))
    .execute();
}

export async function findPaused(db: Querier, bindingId: string, episode: string): Promise<readonly FlagTarget[]> {
  const row = await db
    .selectFrom('binding_episodes')
    .select('paused')
    .where('binding_id', '=', bindingId)
    .where('episode', '=', episode)
    .executeTakeFirst();
  return row === undefined ? [] : (JSON.parse(row.paused) as FlagTarget[]);
}

/** Those since `sinceMs`, so that a server that was restarted does not act on them again. */
export async function findActed(db: Querier, sinceMs: number): Promise<{ bindingId: string; episode: string }[]> {
  return db
    .selectFrom('binding_episodes')
    .select(['binding_id as bindingId', 'episode'])
    .where('acted_at', '>', sinceMs)
    .execute();
}

/** Forgets those before `beforeMs` that pause nothing: no alert of them is young enough to act. */
export async function deleteOldEpisodes(db: Querier, beforeMs: number): Promise<void> {
  await db.deleteFrom('binding_episodes').where('acted_at', '<', beforeMs).where('paused', '=', '[]').execute();
}
