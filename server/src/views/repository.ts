import { toBit } from '../store/booleans.ts';
import type { FlagViewRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** The project's own and those that someone keeps for themselves, oldest first. */
export async function findViews(db: Querier, projectId: string, ownerId: string): Promise<FlagViewRow[]> {
  return db
    .selectFrom('flag_views')
    .selectAll()
    .where('project_id', '=', projectId)
    .where((eb) => eb.or([eb('shared', '=', toBit(true)), eb('owner_id', '=', ownerId)]))
    .orderBy('id')
    .execute();
}

export async function insertView(tx: DatabaseTransaction, row: FlagViewRow): Promise<void> {
  await tx.insertInto('flag_views').values(row).execute();
}

export async function updateView(tx: DatabaseTransaction, { id, ...columns }: FlagViewRow): Promise<void> {
  await tx.updateTable('flag_views').set(columns).where('id', '=', id).execute();
}

export async function deleteView(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('flag_views').where('id', '=', id).execute();
}
