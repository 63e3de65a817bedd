import type { ServiceAccountRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** By name. */
export async function findServiceAccounts(
  db: Querier,
  { afterName, limit }: { readonly afterName?: string | undefined; readonly limit: number },
): Promise<ServiceAccountRow[]> {
  let select = db.selectFrom('service_accounts').selectAll().orderBy('name').limit(limit);
  if (afterName !== undefined) select = select.where('name', '>', afterName);
  return select.execute();
}

export async function findServiceAccount(
  db: Querier,
  by: { readonly id: string } | { readonly name: string },
): Promise<ServiceAccountRow | undefined> {
  const select = db.selectFrom('service_accounts').selectAll();
  return ('id' in by ? select.where('id', '=', by.id) : select.where('name', '=', by.name)).executeTakeFirst();
}

export async function insertServiceAccount(tx: DatabaseTransaction, row: ServiceAccountRow): Promise<void> {
  await tx.insertInto('service_accounts').values(row).execute();
}

export async function updateServiceAccount(tx: DatabaseTransaction, row: ServiceAccountRow): Promise<void> {
  const { id, name, disabled_at } = row;
  await tx.updateTable('service_accounts').set({ name, disabled_at }).where('id', '=', id).execute();
}

/** Its tokens and grants go with it. */
export async function deleteServiceAccount(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('service_accounts').where('id', '=', id).execute();
}
