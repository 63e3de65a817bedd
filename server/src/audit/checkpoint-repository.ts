import { toBit } from '../store/booleans.ts';
import type { Database, Querier } from '../store/tables.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';

export async function findLastCheckpoint(db: Querier): Promise<Checkpoint | undefined> {
  const row = await db
    .selectFrom('audit_checkpoints')
    .select('document')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && readCheckpoint(row.document);
}

/** @returns false when another server made one of this number first */
export async function insertCheckpoint(db: Querier, checkpoint: Checkpoint, posted: boolean): Promise<boolean> {
  const { number, at } = checkpoint;
  const { numInsertedOrUpdatedRows = 0n } = await db
    .insertInto('audit_checkpoints')
    .values({ number, at: Date.parse(at), document: JSON.stringify(checkpoint), posted: toBit(posted) })
    .onConflict((conflict) => conflict.column('number').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** Text that is no checkpoint any more comes as it is: whoever reads it says so. */
export interface StoredCheckpoint {
  readonly number: number;
  readonly document: string;
}

/** By number. */
export async function findCheckpoints(db: Querier, after: number, limit: number): Promise<StoredCheckpoint[]> {
  return db
    .selectFrom('audit_checkpoints')
    .select(['number', 'document'])
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute();
}

/** The last ones first. @param before a number; undefined: from the last on */
export async function findLastCheckpoints(
  db: Querier,
  before: number | undefined,
  limit: number,
): Promise<StoredCheckpoint[]> {
  let select = db.selectFrom('audit_checkpoints').select(['number', 'document']).orderBy('number', 'desc').limit(limit);
  if (before !== undefined) select = select.where('number', '<', before);
  return select.execute();
}

/** Those that were made behind a moment, by number. */
export async function findCheckpointsSince(db: Querier, atMs: number, limit: number): Promise<StoredCheckpoint[]> {
  return db
    .selectFrom('audit_checkpoints')
    .select(['number', 'document'])
    .where('at', '>', atMs)
    .orderBy('number')
    .limit(limit)
    .execute();
}

export async function findUnposted(db: Querier, limit: number): Promise<StoredCheckpoint[]> {
  return db
    .selectFrom('audit_checkpoints')
    .select(['number', 'document'])
    .where('posted', '=', 0)
    .orderBy('number')
    .limit(limit)
    .execute();
}

export async function savePosted(db: Database, number: number): Promise<void> {
  await db.updateTable('audit_checkpoints').set({ posted: 1 }).where('number', '=', number).execute();
}
