import type { Item, ItemName, Revision } from '@bunting/core';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** Takes the environment's next revision number. The row stays locked until the transaction ends. */
export async function takeNextNumber(tx: DatabaseTransaction, environmentId: string, atMs: number): Promise<Revision> {
  return tx
    .updateTable('environments')
    .set((eb) => ({ number: eb('number', '+', 1), committed_at: atMs }))
    .where('id', '=', environmentId)
    .returning(['incarnation', 'number', 'hash'])
    .executeTakeFirstOrThrow();
}

export async function saveHash(tx: DatabaseTransaction, environmentId: string, hash: string): Promise<void> {
  await tx.updateTable('environments').set({ hash }).where('id', '=', environmentId).execute();
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

export async function putItems(tx: DatabaseTransaction, environmentId: string, items: readonly Item[]): Promise<void> {
  await tx
    .insertInto('ruleset_items')
    .values(items.map(({ kind, key, json }) => ({ environment_id: environmentId, kind, key, json })))
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'kind', 'key']).doUpdateSet((eb) => ({ json: eb.ref('excluded.json') })),
    )
    .execute();
}

export async function deleteItems(
  tx: DatabaseTransaction,
  environmentId: string,
  names: readonly ItemName[],
): Promise<void> {
  for (const [kind, keys] of byKind(names)) {
    await tx
      .deleteFrom('ruleset_items')
      .where('environment_id', '=', environmentId)
      .where('kind', '=', kind)
      .where('key', 'in', keys)
      .execute();
  }
}

function byKind(names: readonly ItemName[]): Map<ItemName['kind'], string[]> {
  const kinds = new Map<ItemName['kind'], string[]>();
  for (const { kind, key } of names) {
    const keys = kinds.get(kind);
    if (keys === undefined) kinds.set(kind, [key]);
    else keys.push(key);
  }
  return kinds;
}

export interface LogEntry {
  readonly environmentId: string;
  readonly revision: Revision;
  readonly committedAtMs: number;
  readonly puts: readonly Item[];
  readonly deletes: readonly ItemName[];
}

/** A change of more characters than this is not kept in the log. */
const MAX_LOGGED_CHARACTERS = 1024 * 1024;

/**
 * Appends to the change log, and drops what is too old to resume from. A change that is too large for the log empties
 * it: nobody can come from before it, and whoever has to come from there takes everything, which is hardly more.
 */
export async function appendToLog(tx: DatabaseTransaction, entry: LogEntry, keep: number): Promise<void> {
  const { environmentId, revision } = entry;
  if (entry.puts.reduce((sum, { json }) => sum + json.length, 0) > MAX_LOGGED_CHARACTERS) {
    await tx.deleteFrom('changes').where('environment_id', '=', environmentId).execute();
    return;
  }
  await tx
    .insertInto('changes')
    .values({
      environment_id: environmentId,
      number: revision.number,
      hash: revision.hash,
      committed_at: entry.committedAtMs,
      puts: JSON.stringify(entry.puts),
      deletes: JSON.stringify(entry.deletes),
    })
    .execute();
  await tx
    .deleteFrom('changes')
    .where('environment_id', '=', environmentId)
    .where('number', '<=', revision.number - keep)
    .execute();
}
