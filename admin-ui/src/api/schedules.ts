import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { Freeze, Project } from './types.ts';

const one = '/api/v1/projects/{project}/schedules/{schedule}';

/** Newest first. */
export function schedulesQuery(project: string) {
  return infiniteQueryOptions({
    queryKey: ['schedules', project, 'list'] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/schedules', {
          params: { path: { project }, query: { limit: 200, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function scheduleQuery(project: string, schedule: string) {
  return queryOptions({
    queryKey: ['schedules', project, 'one', schedule] as const,
    queryFn: ({ signal }) => unwrap(api.GET(one, { params: { path: { project, schedule } }, signal })),
  });
}

/** What became of the times at which it was due, newest first. */
export function scheduleRunsQuery(project: string, schedule: string) {
  return infiniteQueryOptions({
    queryKey: ['schedules', project, 'runs', schedule] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(`${one}/runs`, {
          params: { path: { project, schedule }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export type ScheduleAct = 'pause' | 'resume' | 'cancel';

export function actOnSchedule(project: string, schedule: string, act: ScheduleAct) {
  const params = { path: { project, schedule } };
  if (act === 'pause') return unwrap(api.POST(`${one}/pause`, { params }));
  return unwrap(act === 'resume' ? api.POST(`${one}/resume`, { params }) : api.POST(`${one}/cancel`, { params }));
}

/** A time in which an environment is not changed, and whose it is. */
export interface FreezeOf extends Freeze {
  /** Its key. */
  readonly environment: string;
}

/** Of all environments of a project, by when they begin. */
export function freezesQuery({ key: project, environments }: Project) {
  return queryOptions({
    queryKey: ['freezes', project, environments.map(({ key }) => key)] as const,
    queryFn: async ({ signal }): Promise<FreezeOf[]> => {
      const all = await Promise.all(
        environments.map(async ({ key: environment }) => {
          const params = { path: { project, environment }, query: { limit: 200 } };
          const path = '/api/v1/projects/{project}/environments/{environment}/freezes';
          const { items } = await unwrap(api.GET(path, { params, signal }));
          return items.map((freeze) => ({ ...freeze, environment }));
        }),
      );
      return all.flat().sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
    },
  });
}

/** @param from its first moment, RFC 3339 */
export function createFreeze(project: string, environment: string, body: { name: string; from: string; to: string }) {
  const params = { path: { project, environment } };
  return unwrap(api.POST('/api/v1/projects/{project}/environments/{environment}/freezes', { params, body }));
}

export function deleteFreeze(project: string, { environment, id }: FreezeOf): Promise<void> {
  const params = { path: { project, environment, freeze: id } };
  return unwrapNothing(
    api.DELETE('/api/v1/projects/{project}/environments/{environment}/freezes/{freeze}', { params }),
  );
}
