import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** Who changed a flag, newest first. */
export function flagAuditQuery(project: string, flag: string) {
  return infiniteQueryOptions({
    queryKey: ['audit', project, flag] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/audit', {
          params: { query: { project, flag, limit: 30, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
