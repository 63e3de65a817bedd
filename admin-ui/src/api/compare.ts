import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** Flags that are not the same in two environments, by key. */
export function differingFlagsQuery(project: string, from: string, to: string) {
  return infiniteQueryOptions({
    // Under the flags' own key: whoever changes one changes this.
    queryKey: ['flags', project, 'compare', from, to] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { from, to, differing: true, limit: 100, ...(pageParam !== undefined && { cursor: pageParam }) };
      return unwrap(api.GET('/api/v1/projects/{project}/compare', { params: { path: { project }, query }, signal }));
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
