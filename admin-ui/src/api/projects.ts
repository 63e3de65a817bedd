import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/v1/projects', { params: { query: { limit: 200 } }, signal }))).items,
});

/** A project with its environments. */
export function projectQuery(project: string) {
  return queryOptions({
    queryKey: ['projects', project],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/projects/{project}', { params: { path: { project } }, signal })),
    staleTime: 30_000,
  });
}
