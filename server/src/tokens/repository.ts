import type { HolderKind } from '../access/repository.ts';
import type { After } from '../store/after.ts';
import type { TokenRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export interface HolderId {
  readonly kind: HolderKind;
  readonly id: string;
}

export const COLUMN_OF = { user: 'user_id', 'service-account': 'service_account_id' } as const;

/** Oldest first: ids sort in the order they were made. */
export async function findTokens(
  db: Querier,
  { kind, id }: HolderId,
  { afterId = '', limit }: After,
): Promise<TokenRow[]> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where(COLUMN_OF[kind], '=', id)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function findToken(db: Querier, { kind, id }: HolderId, tokenId: string): Promise<TokenRow | undefined> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where(COLUMN_OF[kind], '=', id)
    .where('id', '=', tokenId)
    .executeTakeFirst();
}

export async function insertToken(tx: DatabaseTransaction, row: TokenRow): Promise<void> {
  await tx.insertInto('tokens').values(row).execute();
}

export async function revokeToken(tx: DatabaseTransaction, id: string, atMs: number): Promise<void> {
  await tx.updateTable('tokens').set({ revoked_at: atMs }).where('id', '=', id).execute();
}

export async function noteTokenUse(db: Querier, id: string, atMs: number): Promise<void> {
  await db.updateTable('tokens').set({ last_used_at: atMs }).where('id', '=', id).execute();
}
