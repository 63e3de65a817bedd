import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { GroupRow, UserRow } from '../store/tables/access.ts';
import type { ScimGroupSchema, ScimUserSchema } from './resource-schemas.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

type User = Static<typeof ScimUserSchema>;
type Group = Static<typeof ScimGroupSchema>;

/** @param base the address of SCIM on this server, without a slash at its end */
export function toUserResource({ id, external_id, email, name, disabled_at, created_at }: UserRow, base: string): User {
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
): Group {
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

export function toList<R>(
  resources: R[],
  { total, startIndex }: { readonly total: number; readonly startIndex: number },
) {
  return {
    schemas: [LIST_SCHEMA],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

interface Selection {
  readonly attributes?: string | undefined;
  readonly excludedAttributes?: string | undefined;
}

/** What is always shown, whatever is asked for: the rest is optional in each resource. */
const ALWAYS = ['schemas', 'id'];

/** Only the attributes that were asked for; `attributes` wins over `excludedAttributes`. Parts of attributes count as whole. */
export function select<R extends object>(resource: R, { attributes, excludedAttributes }: Selection): R {
  const wanted = namesOf(attributes);
  const unwanted = namesOf(excludedAttributes);
  if (wanted.length === 0 && unwanted.length === 0) return resource;
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => {
      if (ALWAYS.includes(name)) return true;
      const lower = name.toLowerCase();
      return wanted.length > 0 ? wanted.includes(lower) : !unwanted.includes(lower);
    }),
  ) as R;
}

/** Whether the members of a group are to be shown: there may be very many. */
export function showsMembers(query: Selection): boolean {
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
