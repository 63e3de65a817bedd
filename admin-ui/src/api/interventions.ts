import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** What signals and safeguards asked for, and what became of it; newest first. */
export function interventionsQuery(project: string) {
  return infiniteQueryOptions({
    queryKey: ['interventions', project] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/interventions', {
          params: { path: { project }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
