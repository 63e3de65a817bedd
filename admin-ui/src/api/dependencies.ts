import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** What depends on what in an environment. */
export function dependenciesQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['dependencies', project, environment] as const,
    queryFn: ({ signal }) => {
      const params = { path: { project, environment } };
      return unwrap(api.GET('/api/v1/projects/{project}/environments/{environment}/dependencies', { params, signal }));
    },
  });
}
