import type { Item, ItemName } from '@bunting/core';
import { keepItems } from '../history/repository.ts';
import { EMPTY_HASH, updateHash } from '../rulesets/content-hash.ts';
import { findItems } from '../rulesets/repository.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { inBatches } from './in-batches.ts';
import { deleteItems, putItems } from './repository.ts';

/** What a transaction wants an environment to serve, by kind and key. */
export interface Edits {
  readonly puts: Map<string, Item>;
  readonly deletes: Map<string, ItemName>;
}

/** What of it differed from what was served. */
export interface StagedItems {
  readonly puts: readonly Item[];
  readonly deletes: readonly ItemName[];
  /** What to add to the content hash. */
  readonly hashDifference: string;
}

/**
 * Writes what differs, and keeps what it was. In batches, between which the event loop goes on: a large segment has
 * thousands of items.
 * @param number of the revision that this makes
 * @param tell hears before each batch how many of the items are done
 */
export async function stageItems(
  tx: DatabaseTransaction,
  environmentId: string,
  edits: Edits,
  number: number,
  tell: (done: number, of: number) => void = () => {},
): Promise<StagedItems> {
  const puts: Item[] = [];
  const deletes: ItemName[] = [];
  let hash = EMPTY_HASH;
  let done = 0;
  const begin = (batch: readonly unknown[]) => {
    tell(done, edits.puts.size + edits.deletes.size);
    done += batch.length;
  };
  for await (const wanted of inBatches([...edits.puts.values()])) {
    begin(wanted);
    const served = await findItems(tx, environmentId, wanted);
    const differing = wanted.filter((item) => served.get(nameOf(item))?.json !== item.json);
    if (differing.length === 0) continue;
    if (served.size > 0) await keepItems(tx, environmentId, differing, number);
    await putItems(tx, environmentId, differing, number);
    hash = updateHash(
      hash,
      differing.flatMap((item) => served.get(nameOf(item)) ?? []),
      differing,
    );
    for (const item of differing) puts.push(item);
  }
  for await (const unwanted of inBatches([...edits.deletes.values()])) {
    begin(unwanted);
    const served = await findItems(tx, environmentId, unwanted);
    if (served.size === 0) continue;
    await keepItems(tx, environmentId, [...served.values()], number);
    await deleteItems(tx, environmentId, [...served.values()]);
    hash = updateHash(hash, served.values(), []);
    for (const name of unwanted) if (served.has(nameOf(name))) deletes.push(name);
  }
  return { puts, deletes, hashDifference: hash };
}

/** Kinds and keys hold no spaces. */
export function nameOf({ kind, key }: ItemName): string {
  return `${kind} ${key}`;
}
