import type { Item, ItemName, Revision } from '@bunting/core';
import { sql } from 'kysely';
import { findKills } from '../kills/repository.ts';
import type { Store } from '../store/store.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
import { type CommittedChange, type LiveRulesetState, MAX_RECENT_CHANGES, type RecentChange } from './live-ruleset.ts';

/**
 * Reads an environment's revision and keeps it: who else commits in the environment waits until the transaction ends. So
 * numbers have no gaps, and what is read afterwards is what the next revision starts from.
 */
export async function lockEnvironment(
  tx: DatabaseTransaction,
  environmentId: string,
): Promise<
  (Revision & Pick<EnvironmentRow, 'project_id' | 'key' | 'require_comment' | 'required_approvals'>) | undefined
> {
  return tx
    .updateTable('environments')
    .set((eb) => ({ number: eb.ref('number') }))
    .where('id', '=', environmentId)
    .returning(['project_id', 'key', 'require_comment', 'required_approvals', 'incarnation', 'number', 'hash'])
    .executeTakeFirst();
}

export interface Head extends Revision {
  readonly environmentId: string;
}

/** The revisions of all environments. */
export async function findHeads(db: Querier): Promise<Head[]> {
  return db.selectFrom('environments').select(['id as environmentId', 'incarnation', 'number', 'hash']).execute();
}

export async function findRevision(db: Querier, environmentId: string): Promise<Revision | undefined> {
  return db
    .selectFrom('environments')
    .select(['incarnation', 'number', 'hash'])
    .where('id', '=', environmentId)
    .executeTakeFirst();
}

/** Reads what an environment serves; undefined when there is no such environment. Wants a snapshot. */
export async function loadRuleset(
  tx: DatabaseTransaction,
  environmentId: string,
): Promise<LiveRulesetState | undefined> {
  const row = await tx
    .selectFrom('environments')
    .innerJoin('projects', 'projects.id', 'environments.project_id')
    .select(['environments.key', 'incarnation', 'number', 'hash', 'committed_at', 'projects.key as project'])
    .where('environments.id', '=', environmentId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { project, key, incarnation, number, hash, committed_at } = row;
  return {
    environmentId,
    project,
    environment: key,
    revision: { incarnation, number, hash },
    committedAtMs: committed_at,
    items: await loadItems(tx, environmentId),
    recent: await loadRecentChanges(tx, environmentId, number),
    kills: await findKills(tx, environmentId),
  };
}

export async function loadItems(db: Querier, environmentId: string): Promise<Item[]> {
  const rows = await db
    .selectFrom('ruleset_items')
    .select(['kind', 'key', 'json'])
    .where('environment_id', '=', environmentId)
    .execute();
  return rows as Item[];
}

/** Those of the named items that the environment serves, by `<kind> <key>`. */
export async function findItems(
  db: Querier,
  environmentId: string,
  names: readonly ItemName[],
): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  for (const [kind, keys] of byKind(names)) {
    const rows = await db
      .selectFrom('ruleset_items')
      .select(['key', 'json'])
      .where('environment_id', '=', environmentId)
      .where('kind', '=', kind)
      .where('key', 'in', keys)
      .execute();
    for (const { key, json } of rows) found.set(`${kind} ${key}`, { kind, key, json });
  }
  return found;
}

export function byKind(names: readonly ItemName[]): Map<ItemName['kind'], string[]> {
  const kinds = new Map<ItemName['kind'], string[]>();
  for (const { kind, key } of names) {
    const keys = kinds.get(kind);
    if (keys === undefined) kinds.set(kind, [key]);
    else keys.push(key);
  }
  return kinds;
}

/** Items asked for in one statement: databases bound the number of parameters. */
const NAMES_AT_ONCE = 500;

/**
 * Reads what leads from a revision to the current one, as one change; undefined when the log does not reach back. Wants a
 * snapshot.
 */
export async function loadChange(
  tx: DatabaseTransaction,
  engine: Store['engine'],
  environmentId: string,
  from: Revision,
): Promise<CommittedChange | undefined> {
  const clock = engine === 'postgres' ? POSTGRES_CLOCK : sql<number | null>`null`;
  const rows = await tx
    .selectFrom('changes')
    .select(['number', 'hash', 'puts', 'deletes', 'committed_at', 'stored_at', clock.as('clock')])
    .where('environment_id', '=', environmentId)
    .where('number', '>', from.number)
    .orderBy('number')
    .execute();
  const last = rows.at(-1);
  if (last === undefined || rows[0]?.number !== from.number + 1) return undefined;
  const steps = rows.map(toRecentChange);
  const { puts, deletes } = await findCurrent(
    tx,
    environmentId,
    steps.flatMap(({ names }) => names),
  );
  // The age by one clock, which is neither this server's nor the other's.
  const ageMs = last.clock === null || last.stored_at === null ? 0 : Math.max(0, last.clock - last.stored_at);
  return {
    environmentId,
    from: from.number,
    revision: { incarnation: from.incarnation, number: last.number, hash: last.hash },
    committedAtMs: last.committed_at,
    committedTickMs: performance.now() - ageMs,
    puts,
    deletes,
    steps,
  };
}

/** What became of these items: served as they are now, or no longer served. */
async function findCurrent(tx: DatabaseTransaction, environmentId: string, names: readonly ItemName[]) {
  const puts: Item[] = [];
  const deletes = new Map(names.map((name) => [`${name.kind} ${name.key}`, name]));
  const wanted = [...deletes.values()];
  for (let at = 0; at < wanted.length; at += NAMES_AT_ONCE) {
    for (const [id, item] of await findItems(tx, environmentId, wanted.slice(at, at + NAMES_AT_ONCE))) {
      puts.push(item);
      deletes.delete(id);
    }
  }
  return { puts, deletes: [...deletes.values()] };
}

async function loadRecentChanges(db: Querier, environmentId: string, number: number): Promise<RecentChange[]> {
  const rows = await db
    .selectFrom('changes')
    .select(['number', 'hash', 'puts', 'deletes'])
    .where('environment_id', '=', environmentId)
    .where('number', '>', number - MAX_RECENT_CHANGES)
    .orderBy('number')
    .execute();
  return rows.map(toRecentChange);
}

type LogRow = { readonly number: number; readonly hash: string; readonly puts: string; readonly deletes: string };

/** The first versions logged whole items: their names are enough. */
function toRecentChange({ number, hash, puts, deletes }: LogRow): RecentChange {
  const names: ItemName[] = [...(JSON.parse(puts) as ItemName[]), ...(JSON.parse(deletes) as ItemName[])];
  return { number, hash, names: names.map(({ kind, key }) => ({ kind, key })) };
}

/** Milliseconds since 1970 by the clock of PostgreSQL, as it is now, not when the transaction began. */
export const POSTGRES_CLOCK = sql<number | null>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
