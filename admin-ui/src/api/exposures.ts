import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

export type ExposureSpan = 'hour' | 'day';

/** How often a flag was evaluated to which variant, over the last hour or day. */
export function exposuresQuery(project: string, environment: string, flag: string, span: ExposureSpan) {
  return queryOptions({
    queryKey: ['exposures', project, environment, flag, span] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/flags/{flag}/exposures', {
          params: { path: { project, environment, flag }, query: { span } },
          signal,
        }),
      ),
    // Another span is drawn over the one before, not over nothing.
    placeholderData: keepPreviousData,
  });
}
