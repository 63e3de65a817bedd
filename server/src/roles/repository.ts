import type { RoleRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
import type { Role } from './role.ts';

export async function findMadeRoles(db: Querier): Promise<Role[]> {
  return (await db.selectFrom('roles').selectAll().orderBy('key').execute()).map(toRole);
}

export async function findMadeRole(db: Querier, key: string): Promise<Role | undefined> {
  const row = await db.selectFrom('roles').selectAll().where('key', '=', key).executeTakeFirst();
  return row && toRole(row);
}

/** Makes the role, or takes the place of what it was. */
export async function saveRole(tx: DatabaseTransaction, role: Role, nowMs: number): Promise<void> {
  const { key, name, description } = role;
  const content = {
    name,
    description,
    permissions: JSON.stringify(role.permissions),
    not_in_production: JSON.stringify(role.notInProduction),
  };
  await tx
    .insertInto('roles')
    .values({ key, ...content, created_at: nowMs })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(content))
    .execute();
}

export async function deleteRole(tx: DatabaseTransaction, key: string): Promise<void> {
  await tx.deleteFrom('roles').where('key', '=', key).execute();
}

/** How many grants give the role. */
export async function countGrantsOf(tx: DatabaseTransaction, key: string): Promise<number> {
  const { count } = await tx
    .selectFrom('grants')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('role', '=', key)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export function toRole({ key, name, description, permissions, not_in_production }: RoleRow): Role {
  return {
    key,
    name,
    description,
    permissions: JSON.parse(permissions),
    notInProduction: JSON.parse(not_in_production),
  };
}
