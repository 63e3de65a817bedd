import { toTimestamp } from '../http/key-schema.ts';
import type { GroupRow, UserRow } from '../store/tables.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A user or group as SCIM shows it. */
export type Resource = Readonly<Record<string, unknown>>;

/** @param base the address of SCIM on this server, without a slash at its end */
export function toUserResource(
  { id, external_id, email, name, disabled_at, created_at }: UserRow,
  base: string,
): Resource {
  return {
    schemas: [USER_SCHEMA],
    id,
    ...(external_id === null ? {} : { externalId: external_id }),
    userName: email,
    displayName: name,
    name: { formatted: name },
    emails: [{ value: email, primary: true }],
    active: disabled_at === null,
    meta: { resourceType: 'User', created: toTimestamp(created_at), location: `${base}/Users/${id}` },
  };
}

/** @param members undefined: they are not shown */
export function toGroupResource(
  { id, external_id, name, created_at }: GroupRow,
  members: readonly UserRow[] | undefined,
  base: string,
): Resource {
  return {
    schemas: [GROUP_SCHEMA],
    id,
    ...(external_id === null ? {} : { externalId: external_id }),
    displayName: name,
    ...(members && {
      members: members.map((user) => ({ value: user.id, display: user.name, $ref: `${base}/Users/${user.id}` })),
    }),
    meta: { resourceType: 'Group', created: toTimestamp(created_at), location: `${base}/Groups/${id}` },
  };
}

export function toList(
  resources: readonly Resource[],
  { total, startIndex }: { total: number; startIndex: number },
): Resource {
  return {
    schemas: [LIST_SCHEMA],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

/** What is always shown, whatever is asked for. */
const ALWAYS = ['schemas', 'id'];

/** Only the attributes that were asked for; `attributes` wins over `excludedAttributes`. Parts of attributes count as whole. */
export function select(
  resource: Resource,
  { attributes, excludedAttributes }: { attributes?: string | undefined; excludedAttributes?: string | undefined },
): Resource {
  const wanted = namesOf(attributes);
  const unwanted = namesOf(excludedAttributes);
  if (wanted.length === 0 && unwanted.length === 0) return resource;
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => {
      if (ALWAYS.includes(name)) return true;
      const lower = name.toLowerCase();
      return wanted.length > 0 ? wanted.includes(lower) : !unwanted.includes(lower);
    }),
  );
}

/** Whether the members of a group are to be shown: there may be very many. */
export function showsMembers(query: Parameters<typeof select>[1]): boolean {
  return 'members' in select({ members: [] }, query);
}

function namesOf(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((name) =>
      name
        .trim()
        .toLowerCase()
        .replace(/^urn:[\w:.]+:/, '')
        .replace(/\..*$/, ''),
    )
    .filter((name) => name !== '');
}
