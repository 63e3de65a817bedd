import type { IdentityProviderRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** By key. */
export async function findProviders(db: Querier): Promise<IdentityProviderRow[]> {
  return db.selectFrom('identity_providers').selectAll().orderBy('key').execute();
}

export async function findProvider(db: Querier, key: string): Promise<IdentityProviderRow | undefined> {
  return db.selectFrom('identity_providers').selectAll().where('key', '=', key).executeTakeFirst();
}

export async function saveProvider(tx: DatabaseTransaction, row: IdentityProviderRow): Promise<void> {
  const { settings, sealed, updated_at } = row;
  await tx
    .insertInto('identity_providers')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ settings, sealed, updated_at }))
    .execute();
}

/** What was known of whom goes with it. */
export async function deleteProvider(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('identity_providers').where('id', '=', id).execute();
}

/** Whom a provider means by a subject. */
export async function findIdentity(db: Querier, providerId: string, subject: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('identities')
    .select('user_id')
    .where('provider_id', '=', providerId)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.user_id;
}

/** What a provider's subjects stand for is forgotten. */
export async function deleteIdentities(tx: DatabaseTransaction, providerId: string): Promise<void> {
  await tx.deleteFrom('identities').where('provider_id', '=', providerId).execute();
}

export async function insertIdentity(
  tx: DatabaseTransaction,
  row: {
    readonly provider_id: string;
    readonly subject: string;
    readonly user_id: string;
    readonly created_at: number;
  },
): Promise<void> {
  await tx.insertInto('identities').values(row).execute();
}

export async function findGroupIdsOf(db: Querier, userId: string): Promise<string[]> {
  const rows = await db.selectFrom('group_members').select('group_id').where('user_id', '=', userId).execute();
  return rows.map((row) => row.group_id);
}
