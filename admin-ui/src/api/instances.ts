import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** The SDK instances that are connected to an environment. */
export function instancesQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['instances', project, environment] as const,
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          api.GET('/api/v1/projects/{project}/environments/{environment}/instances', {
            params: { path: { project, environment }, query: { limit: 200 } },
            signal,
          }),
        )
      ).items,
  });
}
