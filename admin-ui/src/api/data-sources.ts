import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { DataSource, DataSourceAnswer, DataSourceBody, DataSourcePatch } from './types.ts';

const sources = '/api/v1/projects/{project}/data-sources';
/** More than any project has. */
const limit = 200;

/** Where safeguards and gates of a project may read numbers, by key. */
export function dataSourcesQuery(project: string) {
  return queryOptions({
    queryKey: ['data-sources', project] as const,
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(api.GET(sources, { params: { path: { project }, query: { limit } }, signal }));
      return items;
    },
  });
}

export function createDataSource(project: string, body: DataSourceBody): Promise<DataSource> {
  return unwrap(api.POST(sources, { params: { path: { project } }, body }));
}

/** @param version as it was seen: what someone else has changed since is refused, not overrun */
export function patchDataSource(
  project: string,
  { key, version }: Pick<DataSource, 'key' | 'version'>,
  body: DataSourcePatch,
): Promise<DataSource> {
  return unwrap(
    api.PATCH(`${sources}/{source}`, {
      params: { path: { project, source: key } },
      headers: { 'If-Match': `"${version}"` },
      body,
    }),
  );
}

export function deleteDataSource(project: string, source: string): Promise<void> {
  return unwrapNothing(api.DELETE(`${sources}/{source}`, { params: { path: { project, source } } }));
}

/** What a query says now. */
export function askDataSource(project: string, source: string, query: string): Promise<DataSourceAnswer> {
  return unwrap(api.POST(`${sources}/{source}/query`, { params: { path: { project, source } }, body: { query } }));
}
