import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** A quarter of an hour by seconds, or a day by minutes: as long as the server keeps each. */
export type MeasuredSpan = 'quarter' | 'day';

const dayMs = 24 * 60 * 60_000;

/** What a flag's code paths did, by variant: how often they ran and failed, and how long they took. */
export function measurementsQuery(project: string, environment: string, flag: string, span: MeasuredSpan) {
  return queryOptions({
    queryKey: ['measurements', project, environment, flag, span] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/measurements', {
          params: {
            path: { project, environment, flag },
            query: span === 'day' ? { from: new Date(Date.now() - dayMs).toISOString() } : {},
          },
          signal,
        }),
      ),
    // Another span is drawn over the one before, not over nothing.
    placeholderData: keepPreviousData,
  });
}
