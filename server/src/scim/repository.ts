import type { GroupRow, UserRow } from '../store/tables/access.ts';
import type { Querier } from '../store/tables.ts';
import type { Comparison } from './filter.ts';
import type { Window } from './window.ts';

export interface Found<Row> {
  /** In the window. */
  readonly rows: Row[];
  readonly total: number;
}

export const USER_ATTRIBUTES = ['userName', 'externalId', 'id', 'displayName', 'emails.value', 'emails'] as const;
export type UserAttribute = (typeof USER_ATTRIBUTES)[number];

const USER_COLUMNS = {
  userName: 'email',
  emails: 'email',
  'emails.value': 'email',
  externalId: 'external_id',
  id: 'id',
  displayName: 'name',
} as const satisfies Record<UserAttribute, keyof UserRow>;

/** By email. */
export async function findUserWindow(
  db: Querier,
  filter: readonly Comparison<UserAttribute>[],
  { startIndex, count }: Window,
): Promise<Found<UserRow>> {
  let matching = db.selectFrom('users');
  for (const { attribute, value } of filter) {
    const column = USER_COLUMNS[attribute];
    // Addresses are stored in lower case, and SCIM compares them so.
    matching = matching.where(column, '=', column === 'email' ? value.toLowerCase() : value);
  }
  const counted = await matching.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  const rows =
    count === 0
      ? []
      : await matching
          .selectAll()
          .orderBy('email')
          .limit(count)
          .offset(startIndex - 1)
          .execute();
  return { rows, total: Number(counted.count) };
}

export const GROUP_ATTRIBUTES = ['displayName', 'externalId', 'id', 'members', 'members.value'] as const;
export type GroupAttribute = (typeof GROUP_ATTRIBUTES)[number];

const GROUP_COLUMNS = { displayName: 'name', externalId: 'external_id', id: 'id' } as const;

/** By name. */
export async function findGroupWindow(
  db: Querier,
  filter: readonly Comparison<GroupAttribute>[],
  { startIndex, count }: Window,
): Promise<Found<GroupRow>> {
  let matching = db.selectFrom('groups');
  for (const { attribute, value } of filter) {
    if (attribute === 'members' || attribute === 'members.value') {
      matching = matching.where((eb) =>
        eb.exists(
          eb
            .selectFrom('group_members')
            .select('user_id')
            .whereRef('group_members.group_id', '=', 'groups.id')
            .where('user_id', '=', value),
        ),
      );
    } else {
      matching = matching.where(GROUP_COLUMNS[attribute], '=', value);
    }
  }
  const counted = await matching.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  const rows =
    count === 0
      ? []
      : await matching
          .selectAll()
          .orderBy('name')
          .limit(count)
          .offset(startIndex - 1)
          .execute();
  return { rows, total: Number(counted.count) };
}
