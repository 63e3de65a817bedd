import type { FlagCommentRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertComment(tx: DatabaseTransaction, row: FlagCommentRow): Promise<void> {
  await tx.insertInto('flag_comments').values(row).execute();
}

export async function updateComment(
  tx: DatabaseTransaction,
  { id, body, edited_at }: Pick<FlagCommentRow, 'id' | 'body' | 'edited_at'>,
): Promise<void> {
  await tx.updateTable('flag_comments').set({ body, edited_at }).where('id', '=', id).execute();
}

export async function deleteComment(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('flag_comments').where('id', '=', id).execute();
}

export async function findComment(db: Querier, flagId: string, id: string): Promise<FlagCommentRow | undefined> {
  return db
    .selectFrom('flag_comments')
    .selectAll()
    .where('flag_id', '=', flagId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Newest first: ids sort in the order they were made. */
export async function findComments(
  db: Querier,
  flagId: string,
  { beforeId, limit }: { readonly beforeId: string | undefined; readonly limit: number },
): Promise<FlagCommentRow[]> {
  let select = db.selectFrom('flag_comments').selectAll().where('flag_id', '=', flagId);
  if (beforeId !== undefined) select = select.where('id', '<', beforeId);
  return select.orderBy('id', 'desc').limit(limit).execute();
}
