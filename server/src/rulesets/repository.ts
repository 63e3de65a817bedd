import type { Item, ItemName } from '@bunting/core';
import { findKills } from '../kills/repository.ts';
import type { Querier } from '../store/tables.ts';
import { hashOf } from './content-hash.ts';
import { newIncarnation } from './incarnation.ts';
import { type EnvironmentName, type LiveRulesetState, MAX_RECENT_CHANGES, type RecentChange } from './live-ruleset.ts';

/**
 * Makes sure that what each environment was loaded with is what its revision says. Where it is not (someone wrote into the
 * database), the environment gets a new incarnation, so that every SDK takes the content as it is.
 * @returns the environments that were given one
 */
export async function reincarnateChanged(db: Querier, states: readonly LiveRulesetState[]): Promise<EnvironmentName[]> {
  const changed: EnvironmentName[] = [];
  for (const { environmentId, project, environment, revision, items } of states) {
    const hash = hashOf(items);
    if (hash === revision.hash) continue;
    changed.push({ environmentId, project, environment });
    await db.deleteFrom('changes').where('environment_id', '=', environmentId).execute();
    const incarnation = newIncarnation();
    await db.updateTable('environments').set({ hash, incarnation }).where('id', '=', environmentId).execute();
  }
  return changed;
}

/** Reads what every environment serves. */
export async function loadRulesets(db: Querier): Promise<LiveRulesetState[]> {
  const environments = await db
    .selectFrom('environments')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .selectAll('environments')
    .select('projects.key as project')
    .execute();
  const states: LiveRulesetState[] = [];
  for (const { id, project, key, incarnation, number, hash, committed_at } of environments) {
    states.push({
      environmentId: id,
      project,
      environment: key,
      revision: { incarnation, number, hash },
      committedAtMs: committed_at,
      items: await loadItems(db, id),
      recent: await loadRecentChanges(db, id, number),
      kills: await findKills(db, id),
    });
  }
  return states;
}

export async function loadItems(db: Querier, environmentId: string): Promise<Item[]> {
  const rows = await db
    .selectFrom('ruleset_items')
    .select(['kind', 'key', 'json'])
    .where('environment_id', '=', environmentId)
    .execute();
  return rows as Item[];
}

async function loadRecentChanges(db: Querier, environmentId: string, number: number): Promise<RecentChange[]> {
  const rows = await db
    .selectFrom('changes')
    .select(['number', 'hash', 'puts', 'deletes'])
    .where('environment_id', '=', environmentId)
    .where('number', '>', number - MAX_RECENT_CHANGES)
    .orderBy('number')
    .execute();
  return rows.map(({ puts, deletes, ...change }) => {
    const names: ItemName[] = [...(JSON.parse(puts) as Item[]), ...(JSON.parse(deletes) as ItemName[])];
    return { ...change, names: names.map(({ kind, key }) => ({ kind, key })) };
  });
}
