import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { InstancesSearch } from '../paths.ts';
import { api, unwrap } from './client.ts';

/** More than a person reads; the search finds the others. */
const limit = 200;

/** The first of an environment's SDK instances by id, or of those that lack the newest revision. */
export function instancesQuery(project: string, environment: string, { search, behind }: InstancesSearch) {
  return queryOptions({
    queryKey: ['instances', project, environment, search, behind] as const,
    queryFn: ({ signal }) => {
      const request = { params: { path: { project, environment }, query: { limit, search } }, signal };
      return unwrap(
        behind
          ? api.GET('/api/v1/projects/{project}/environments/{environment}/receipts/stragglers', request)
          : api.GET('/api/v1/projects/{project}/environments/{environment}/instances', request),
      );
    },
    placeholderData: keepPreviousData,
  });
}
