import { findRowOfProject, findRowsOfProject, type StateFilter } from '../projects/rows-of-project.ts';
import type { After } from '../store/after.ts';
import type { ChangeRequestEntryRow, ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertChangeRequest(tx: DatabaseTransaction, row: ChangeRequestRow): Promise<void> {
  await tx.insertInto('change_requests').values(row).execute();
}

export async function updateChangeRequest(
  tx: DatabaseTransaction,
  { id, ...columns }: ChangeRequestRow,
): Promise<void> {
  await tx.updateTable('change_requests').set(columns).where('id', '=', id).execute();
}

export function findChangeRequest(db: Querier, projectId: string, id: string): Promise<ChangeRequestRow | undefined> {
  return findRowOfProject(db, 'change_requests', projectId, id);
}

/** Newest first. */
export function findChangeRequests(db: Querier, projectId: string, filter: StateFilter): Promise<ChangeRequestRow[]> {
  return findRowsOfProject(db, 'change_requests', projectId, filter);
}

export async function insertEntry(tx: DatabaseTransaction, row: ChangeRequestEntryRow): Promise<void> {
  await tx.insertInto('change_request_entries').values(row).execute();
}

/** In the order in which they were said. */
export async function findEntries(
  db: Querier,
  requestId: string,
  { afterId = '', limit }: After,
): Promise<ChangeRequestEntryRow[]> {
  return db
    .selectFrom('change_request_entries')
    .selectAll()
    .where('request_id', '=', requestId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Approvals of these requests, whatever they said then. */
export async function findApprovals(db: Querier, requestIds: readonly string[]): Promise<ChangeRequestEntryRow[]> {
  if (requestIds.length === 0) return [];
  return db
    .selectFrom('change_request_entries')
    .selectAll()
    .where('request_id', 'in', requestIds)
    .where('kind', '=', 'approval')
    .execute();
}

/** What was approved so far is not any more. */
export async function voidApprovals(tx: DatabaseTransaction, requestId: string): Promise<void> {
  await tx
    .updateTable('change_request_entries')
    .set({ content_hash: '' })
    .where('request_id', '=', requestId)
    .where('kind', '=', 'approval')
    .execute();
}
