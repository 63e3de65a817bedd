import type { Item, ItemName } from '@bunting/core';
import type { Querier } from '../store/tables.ts';
import { type LiveRulesetState, MAX_RECENT_CHANGES, type RecentChange } from './live-ruleset.ts';

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
