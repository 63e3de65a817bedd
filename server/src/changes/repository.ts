import type { Item, ItemName, Revision } from '@bunting/core';
import type { DatabaseTransaction } from '../store/tables.ts';

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

export async function findItem(
  tx: DatabaseTransaction,
  environmentId: string,
  { kind, key }: ItemName,
): Promise<Item | undefined> {
  const row = await tx
    .selectFrom('ruleset_items')
    .select('json')
    .where('environment_id', '=', environmentId)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && { kind, key, json: row.json };
}

export async function putItem(tx: DatabaseTransaction, environmentId: string, item: Item): Promise<void> {
  const { kind, key, json } = item;
  await tx
    .insertInto('ruleset_items')
    .values({ environment_id: environmentId, kind, key, json })
    .onConflict((conflict) => conflict.columns(['environment_id', 'kind', 'key']).doUpdateSet({ json }))
    .execute();
}

export async function deleteItem(tx: DatabaseTransaction, environmentId: string, name: ItemName): Promise<void> {
  await tx
    .deleteFrom('ruleset_items')
    .where('environment_id', '=', environmentId)
    .where('kind', '=', name.kind)
    .where('key', '=', name.key)
    .execute();
}

export interface LogEntry {
  readonly environmentId: string;
  readonly revision: Revision;
  readonly committedAtMs: number;
  readonly puts: readonly Item[];
  readonly deletes: readonly ItemName[];
}

/** Appends to the change log, and drops what is too old to resume from. */
export async function appendToLog(tx: DatabaseTransaction, entry: LogEntry, keep: number): Promise<void> {
  const { environmentId, revision } = entry;
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
