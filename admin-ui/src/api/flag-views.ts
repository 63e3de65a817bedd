import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { FlagView } from './types.ts';

/** What makes a view: its name, what it narrows the list to, and whether it is the project's. */
export type FlagViewInput = Pick<FlagView, 'name' | 'filter' | 'shared'>;

/** The project's views of its flags, and one's own, oldest first. */
export function flagViewsQuery(project: string) {
  return queryOptions({
    queryKey: ['flag-views', project] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project } };
      return (await unwrap(api.GET('/api/v1/projects/{project}/flag-views', { params, signal }))).items;
    },
    staleTime: 30_000,
  });
}

export function createFlagView(project: string, body: FlagViewInput): Promise<FlagView> {
  return unwrap(api.POST('/api/v1/projects/{project}/flag-views', { params: { path: { project } }, body }));
}

/** @param view its id */
export function updateFlagView(project: string, view: string, body: Partial<FlagViewInput>): Promise<FlagView> {
  const params = { path: { project, view } };
  return unwrap(api.PATCH('/api/v1/projects/{project}/flag-views/{view}', { params, body }));
}

/** @param view its id */
export function deleteFlagView(project: string, view: string): Promise<void> {
  const params = { path: { project, view } };
  return unwrapNothing(api.DELETE('/api/v1/projects/{project}/flag-views/{view}', { params }));
}
