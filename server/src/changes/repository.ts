import type { Item, ItemName, Revision } from '@bunting/core';
import { byKind, POSTGRES_CLOCK } from '../rulesets/repository.ts';
import type { Store } from '../store/store.ts';
import type { DatabaseTransaction } from '../store/tables.ts';

/** Only with the environment locked. */
export async function saveRevision(
  tx: DatabaseTransaction,
  environmentId: string,
  { number, hash }: Revision,
  atMs: number,
): Promise<void> {
  await tx
    .updateTable('environments')
    .set({ number, hash, committed_at: atMs })
    .where('id', '=', environmentId)
    .execute();
}

/** @param number of the revision since which the items are so */
export async function putItems(
  tx: DatabaseTransaction,
  environmentId: string,
  items: readonly Item[],
  number: number,
): Promise<void> {
  await tx
    .insertInto('ruleset_items')
    .values(items.map(({ kind, key, json }) => ({ environment_id: environmentId, kind, key, json, number })))
    .onConflict((conflict) =>
      conflict
        .columns(['environment_id', 'kind', 'key'])
        .doUpdateSet((eb) => ({ json: eb.ref('excluded.json'), number: eb.ref('excluded.number') })),
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

export interface LogEntry {
  readonly environmentId: string;
  readonly revision: Revision;
  readonly committedAtMs: number;
  readonly puts: readonly ItemName[];
  readonly deletes: readonly ItemName[];
}

/** A change of more items than this is not kept in the log. */
const MAX_LOGGED_NAMES = 10_000;

/**
 * Appends to the change log, and drops what is too old to resume from. The log holds names only: the documents that they
 * stand for now are in `ruleset_items`, and whoever was away wants no older ones. A change that is too large for the log
 * empties it: nobody can come from before it, and whoever has to come from there takes everything.
 */
export async function appendToLog(
  tx: DatabaseTransaction,
  engine: Store['engine'],
  entry: LogEntry,
  keep: number,
): Promise<void> {
  const { environmentId, revision } = entry;
  if (entry.puts.length + entry.deletes.length > MAX_LOGGED_NAMES) {
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
      puts: JSON.stringify(entry.puts.map(bareName)),
      deletes: JSON.stringify(entry.deletes.map(bareName)),
      stored_at: engine === 'postgres' ? POSTGRES_CLOCK : null,
    })
    .execute();
  await tx
    .deleteFrom('changes')
    .where('environment_id', '=', environmentId)
    .where('number', '<=', revision.number - keep)
    .execute();
}

function bareName({ kind, key }: ItemName): ItemName {
  return { kind, key };
}
