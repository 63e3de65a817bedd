import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { FireDrill, FireDrillBody, FireDrillRun } from './types.ts';

const drill = '/api/v1/projects/{project}/environments/{environment}/fire-drill';

/** All of an environment's drills begin with this key. */
export function fireDrillKey(project: string, environment: string) {
  return ['fire-drills', project, environment] as const;
}

/** When drills are held; null: never. */
export function fireDrillQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: [...fireDrillKey(project, environment), 'settings'] as const,
    queryFn: async ({ signal }): Promise<FireDrill | null> => {
      try {
        return await unwrap(api.GET(drill, { params: { path: { project, environment } }, signal }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

export function putFireDrill(project: string, environment: string, body: FireDrillBody): Promise<FireDrill> {
  return unwrap(api.PUT(drill, { params: { path: { project, environment } }, body }));
}

export function deleteFireDrill(project: string, environment: string): Promise<void> {
  return unwrapNothing(api.DELETE(drill, { params: { path: { project, environment } } }));
}

/** Begins one now; it goes on when this is answered. */
export function startFireDrill(project: string, environment: string): Promise<FireDrillRun> {
  return unwrap(api.POST(`${drill}/runs`, { params: { path: { project, environment } } }));
}

/** Those that were held, newest first. */
export function fireDrillRunsQuery(project: string, environment: string) {
  return infiniteQueryOptions({
    queryKey: [...fireDrillKey(project, environment), 'runs'] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(`${drill}/runs`, {
          params: { path: { project, environment }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
