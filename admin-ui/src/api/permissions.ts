import { type QueryClient, queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { Permission, Project } from './types.ts';

/** What whoever is signed in may do in a project, or in one of its environments; without either in the installation. */
function permissionsQuery(project?: string, environment?: string) {
  return queryOptions({
    queryKey: ['permissions', project ?? null, environment ?? null] as const,
    queryFn: async ({ signal }) => {
      const query = {
        ...(project !== undefined && { project }),
        ...(environment !== undefined && { environment }),
      };
      const { permissions } = await unwrap(api.GET('/api/v1/permissions', { params: { query }, signal }));
      return new Set<Permission>(permissions);
    },
    staleTime: 60_000,
  });
}

/**
 * Asks what may be done in a project and in each of its environments, so that a page is not drawn before that is known.
 * Never fails: without an answer everything is offered.
 */
export async function loadPermissions(client: QueryClient, { key, environments }: Project): Promise<void> {
  await Promise.all(
    placesOf(environments).map((environment) => client.prefetchQuery(permissionsQuery(key, environment))),
  );
}

/**
 * Whether to offer what takes a permission. The server decides, when it is asked to act; until it has said what may be
 * done here, and when it does not say, everything is offered.
 */
export function useMay(project: string, environment?: string): (permission: Permission) => boolean {
  const { data } = useQuery(permissionsQuery(project, environment));
  return (permission) => data?.has(permission) ?? true;
}

/**
 * Whether something may be done for certain: false until the server has said so. For what is asked for by itself, as by a
 * panel: nobody's page asks for what its reader may not read. Without a project: in the whole installation.
 */
export function useMayForCertain(project?: string, environment?: string): (permission: Permission) => boolean {
  const { data } = useQuery(permissionsQuery(project, environment));
  return (permission) => data?.has(permission) ?? false;
}

/** Whether to offer what takes a permission in the whole installation. */
export function useMayEverywhere(): (permission: Permission) => boolean {
  const { data } = useQuery(permissionsQuery());
  return (permission) => data?.has(permission) ?? true;
}

/** Whether to offer what takes a permission in a project as a whole or in any one of its environments. */
export function useMaySomewhere({ key, environments }: Project): (permission: Permission) => boolean {
  const answers = useQueries({
    queries: placesOf(environments).map((environment) => permissionsQuery(key, environment)),
  });
  return (permission) => answers.some(({ data }) => data?.has(permission) ?? true);
}

/** The project itself is the first. */
function placesOf(environments: Project['environments']): readonly (string | undefined)[] {
  return [undefined, ...environments.map(({ key }) => key)];
}
