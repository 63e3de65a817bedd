import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { GrantBody, NewToken, RoleBody, TokenBody } from './types.ts';

/** What can be granted a role. */
export type SubjectKind = 'user' | 'group' | 'service-account';

/** More groups, accounts and roles than an installation has. */
const limit = 200;

export function usersQuery(search: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['people', 'users', 'list', search] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/users', {
          params: { query: { limit: 100, ...(search && { search }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function userQuery(user: string) {
  return queryOptions({
    queryKey: ['people', 'users', 'one', user] as const,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/users/{user}', { params: { path: { user } }, signal })),
  });
}

/** The answer holds the one-time link by which they set their password: it is shown only once. */
export function inviteUser(body: { email: string; name: string }) {
  return unwrap(api.POST('/api/v1/users', { body }));
}

export function setUserDisabled(user: string, disabled: boolean) {
  return unwrap(api.PATCH('/api/v1/users/{user}', { params: { path: { user } }, body: { disabled } }));
}

export function removeUser(user: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/users/{user}', { params: { path: { user } } }));
}

/** A new one-time link to set a password; those before are void. */
export function makeLink(user: string) {
  return unwrap(api.POST('/api/v1/users/{user}/link', { params: { path: { user } } }));
}

export function signOutUser(user: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/users/{user}/sessions', { params: { path: { user } } }));
}

export function removeSecondFactorOf(user: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/users/{user}/second-factor', { params: { path: { user } } }));
}

export const groupsQuery = queryOptions({
  queryKey: ['people', 'groups'] as const,
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/v1/groups', { params: { query: { limit } }, signal }))).items,
});

export function createGroup(name: string) {
  return unwrap(api.POST('/api/v1/groups', { body: { name } }));
}

export function renameGroup(group: string, name: string) {
  return unwrap(api.PATCH('/api/v1/groups/{group}', { params: { path: { group } }, body: { name } }));
}

/** Where a person is signed in, newest first. */
export function sessionsOfQuery(user: string) {
  return queryOptions({
    queryKey: ['people', 'sessions', user] as const,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/v1/users/{user}/sessions', { params: { path: { user } }, signal }))).items,
  });
}

export function removeGroup(group: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/groups/{group}', { params: { path: { group } } }));
}

/** The first 200 members, by email. */
export function membersQuery(group: string) {
  return queryOptions({
    queryKey: ['people', 'members', group] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { group }, query: { limit } };
      return (await unwrap(api.GET('/api/v1/groups/{group}/members', { params, signal }))).items;
    },
  });
}

/** Puts someone into a group, or takes them out. */
export function setMember(group: string, user: string, isMember: boolean): Promise<void> {
  const params = { path: { group, user } };
  return unwrapNothing(
    isMember
      ? api.PUT('/api/v1/groups/{group}/members/{user}', { params })
      : api.DELETE('/api/v1/groups/{group}/members/{user}', { params }),
  );
}

export const serviceAccountsQuery = queryOptions({
  queryKey: ['people', 'service-accounts'] as const,
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/v1/service-accounts', { params: { query: { limit } }, signal }))).items,
});

export function createServiceAccount(name: string) {
  return unwrap(api.POST('/api/v1/service-accounts', { body: { name } }));
}

export function setServiceAccountDisabled(account: string, disabled: boolean) {
  return unwrap(api.PATCH('/api/v1/service-accounts/{account}', { params: { path: { account } }, body: { disabled } }));
}

export function removeServiceAccount(account: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/service-accounts/{account}', { params: { path: { account } } }));
}

export const rolesQuery = queryOptions({
  queryKey: ['people', 'roles'] as const,
  queryFn: async ({ signal }) => (await unwrap(api.GET('/api/v1/roles', { signal }))).items,
});

/** Makes a role, or changes what it gives to everyone who has it. */
export function putRole(role: string, body: RoleBody) {
  return unwrap(api.PUT('/api/v1/roles/{role}', { params: { path: { role } }, body }));
}

/** Refused while someone has it. */
export function removeRole(role: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/roles/{role}', { params: { path: { role } } }));
}

/** Who has a role where, oldest first; the first 200. */
export function grantsOfRoleQuery(role: string) {
  return queryOptions({
    queryKey: ['people', 'grants', 'role', role] as const,
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/v1/grants', { params: { query: { limit, role } }, signal }))).items,
    // It is asked when something depends on it.
    staleTime: 0,
  });
}

/** Which roles someone has where, oldest first. */
export function grantsQuery(kind: SubjectKind, id: string) {
  return queryOptions({
    queryKey: ['people', 'grants', kind, id] as const,
    queryFn: async ({ signal }) => {
      const whose = kind === 'user' ? { user: id } : kind === 'group' ? { group: id } : { serviceAccount: id };
      return (await unwrap(api.GET('/api/v1/grants', { params: { query: { limit, ...whose } }, signal }))).items;
    },
  });
}

export function createGrant(body: GrantBody) {
  return unwrap(api.POST('/api/v1/grants', { body }));
}

export function removeGrant(grant: string): Promise<void> {
  return unwrapNothing(api.DELETE('/api/v1/grants/{grant}', { params: { path: { grant } } }));
}

/** Whose tokens: someone's, a program's, or those of whoever is signed in. */
export interface TokenHolder {
  readonly kind: 'user' | 'service-account' | 'own';
  /** Of one's own: empty. */
  readonly id: string;
}

/** Tokens of a person or a program, also revoked ones, oldest first. */
export function tokensQuery({ kind, id }: TokenHolder) {
  return queryOptions({
    queryKey: ['people', 'tokens', kind, id] as const,
    queryFn: async ({ signal }) => {
      const query = { limit };
      if (kind === 'own') return (await unwrap(api.GET('/api/v1/tokens', { params: { query }, signal }))).items;
      const page =
        kind === 'user'
          ? api.GET('/api/v1/users/{user}/tokens', { params: { path: { user: id }, query }, signal })
          : api.GET('/api/v1/service-accounts/{account}/tokens', { params: { path: { account: id }, query }, signal });
      return (await unwrap(page)).items;
    },
  });
}

/** A token of a program, or of one's own. The answer holds the secret; it can never be shown again. */
export function createToken({ kind, id }: TokenHolder, body: TokenBody): Promise<NewToken> {
  if (kind === 'own') return unwrap(api.POST('/api/v1/tokens', { body }));
  return unwrap(api.POST('/api/v1/service-accounts/{account}/tokens', { params: { path: { account: id } }, body }));
}

export function revokeToken({ kind, id }: TokenHolder, token: string): Promise<void> {
  if (kind === 'own') return unwrapNothing(api.DELETE('/api/v1/tokens/{token}', { params: { path: { token } } }));
  return unwrapNothing(
    kind === 'user'
      ? api.DELETE('/api/v1/users/{user}/tokens/{token}', { params: { path: { user: id, token } } })
      : api.DELETE('/api/v1/service-accounts/{account}/tokens/{token}', { params: { path: { account: id, token } } }),
  );
}
