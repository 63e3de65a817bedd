import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';

/** What a choice needs of a thing: its key, and what people call it. */
export interface Named {
  readonly key: string;
  readonly name: string;
}

/** What divides traffic in an environment: the first 200, by key. */
export function targetChoicesQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['release-parts', project, 'targets', environment] as const,
    queryFn: async ({ signal }): Promise<readonly Named[]> => {
      const params = { path: { project, environment }, query: { limit: 200 } };
      const all = '/api/v1/projects/{project}/environments/{environment}/traffic-targets';
      return (await unwrap(api.GET(all, { params, signal }))).items;
    },
  });
}

/** The migration plans of an environment: the first 200, by key. */
export function planChoicesQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['release-parts', project, 'plans', environment] as const,
    queryFn: async ({ signal }): Promise<readonly Named[]> => {
      const params = { path: { project, environment }, query: { limit: 200 } };
      const all = '/api/v1/projects/{project}/environments/{environment}/migration-plans';
      return (await unwrap(api.GET(all, { params, signal }))).items;
    },
  });
}

/** Where gates of a project may read numbers: the first 200, by key. */
export function sourceChoicesQuery(project: string) {
  return queryOptions({
    queryKey: ['release-parts', project, 'sources'] as const,
    queryFn: async ({ signal }): Promise<readonly Named[]> => {
      const params = { path: { project }, query: { limit: 200 } };
      return (await unwrap(api.GET('/api/v1/projects/{project}/data-sources', { params, signal }))).items;
    },
  });
}
