import { newSecret } from '../access/secrets.ts';
import type { ServerRow } from '../store/tables/installation.ts';
import type { Database } from '../store/tables.ts';

/** Adds a server to the register, or says that it is still there. */
export async function saveServer(db: Database, row: ServerRow): Promise<void> {
  const { id: _, ...columns } = row;
  await db
    .insertInto('servers')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
}

export async function findServers(db: Database): Promise<ServerRow[]> {
  return db.selectFrom('servers').selectAll().orderBy('id').execute();
}

export async function deleteServers(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.deleteFrom('servers').where('id', 'in', ids).execute();
}

/** Removes the servers that were at this address before. */
export async function deletePredecessors(db: Database, url: string, id: string): Promise<void> {
  await db.deleteFrom('servers').where('url', '=', url).where('id', '<>', id).execute();
}

/** The installation's secret of this name: the first server that asks makes it, all others get the same. */
export async function ensureSecret(db: Database, name: string): Promise<string> {
  await db
    .insertInto('secrets')
    .values({ name, value: newSecret() })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const { value } = await db.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirstOrThrow();
  return value;
}
