import type { GroupRow, UserRow } from '../store/tables/access.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export interface CountedGroupRow extends GroupRow {
  readonly member_count: number;
}

/** With how many members each has. */
function selectGroups(db: Querier) {
  return db
    .selectFrom('groups')
    .selectAll('groups')
    .select((eb) =>
      eb
        .selectFrom('group_members')
        .select((members) => members.fn.countAll<number>().as('count'))
        .whereRef('group_members.group_id', '=', 'groups.id')
        .as('member_count'),
    )
    .$castTo<CountedGroupRow>();
}

/** By name. */
export async function findGroups(
  db: Querier,
  { afterName, limit }: { readonly afterName?: string | undefined; readonly limit: number },
): Promise<CountedGroupRow[]> {
  let select = selectGroups(db).orderBy('name').limit(limit);
  if (afterName !== undefined) select = select.where('name', '>', afterName);
  return select.execute();
}

export async function findGroup(db: Querier, id: string): Promise<CountedGroupRow | undefined> {
  return selectGroups(db).where('id', '=', id).executeTakeFirst();
}

export async function findGroupByName(db: Querier, name: string): Promise<GroupRow | undefined> {
  return db.selectFrom('groups').selectAll().where('name', '=', name).executeTakeFirst();
}

export async function insertGroup(tx: DatabaseTransaction, row: GroupRow): Promise<void> {
  await tx.insertInto('groups').values(row).execute();
}

export async function updateGroup(
  tx: DatabaseTransaction,
  id: string,
  values: Partial<Pick<GroupRow, 'name' | 'external_id'>>,
): Promise<void> {
  await tx.updateTable('groups').set(values).where('id', '=', id).execute();
}

/** Its memberships and grants go with it. */
export async function deleteGroup(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('groups').where('id', '=', id).execute();
}

/** By email. */
export async function findMembers(
  db: Querier,
  groupId: string,
  { afterEmail, limit }: { readonly afterEmail?: string | undefined; readonly limit?: number } = {},
): Promise<UserRow[]> {
  let select = db
    .selectFrom('group_members')
    .innerJoin('users', 'users.id', 'group_members.user_id')
    .selectAll('users')
    .where('group_members.group_id', '=', groupId)
    .orderBy('users.email');
  if (afterEmail !== undefined) select = select.where('users.email', '>', afterEmail);
  if (limit !== undefined) select = select.limit(limit);
  return select.execute();
}

/** Of each of these groups, by email. */
export async function findMembersOfGroups(
  db: Querier,
  groupIds: readonly string[],
): Promise<(UserRow & { readonly group_id: string })[]> {
  if (groupIds.length === 0) return [];
  return db
    .selectFrom('group_members')
    .innerJoin('users', 'users.id', 'group_members.user_id')
    .selectAll('users')
    .select('group_members.group_id')
    .where('group_members.group_id', 'in', groupIds)
    .orderBy('users.email')
    .execute();
}

/** @returns false when they were a member already */
export async function insertMember(tx: DatabaseTransaction, groupId: string, userId: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('group_members')
    .values({ group_id: groupId, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** @returns false when they were no member */
export async function deleteMember(tx: DatabaseTransaction, groupId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('group_members')
    .where('group_id', '=', groupId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return Number(numDeletedRows) > 0;
}
