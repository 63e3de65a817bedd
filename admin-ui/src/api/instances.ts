import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { InstancesSearch } from '../searches.ts';
import { api, unwrap } from './client.ts';

/** Instances come and go without a sign to a page: asked for again at this pace, in milliseconds. */
const refetchInterval = 5_000;

/** All that is known of the instances of an environment. */
export const instancesKey = (project: string, environment: string) => ['instances', project, environment] as const;

/** The first of an environment's SDK instances that lack the newest revision, who has lacked one longest first. */
export function stragglersQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: [...instancesKey(project, environment), 'stragglers'] as const,
    queryFn: ({ signal }) => {
      const params = { path: { project, environment }, query: { limit: 200 } };
      return unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/receipts/stragglers', { params, signal }),
      );
    },
    placeholderData: keepPreviousData,
  });
}

/** An environment's SDK instances by id, as far as they fit a filter. */
export function instancesQuery(
  project: string,
  environment: string,
  { search, ...filter }: Omit<InstancesSearch, 'environment'>,
) {
  return infiniteQueryOptions({
    queryKey: [...instancesKey(project, environment), 'list', search, filter] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: 200, ...(search && { search }), ...(pageParam && { cursor: pageParam }) };
      const params = { path: { project, environment }, query };
      return unwrap(api.GET('/api/v1/projects/{project}/environments/{environment}/instances', { params, signal }));
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval,
  });
}

/** How many instances are of which app, deployed version, SDK, key, relay and server. */
export function instanceCountsQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: [...instancesKey(project, environment), 'counts'] as const,
    queryFn: ({ signal }) => {
      const params = { path: { project, environment } };
      return unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/instances/counts', { params, signal }),
      );
    },
    refetchInterval,
  });
}
