import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { commentHeader } from './comment.ts';
import type { CreateFlagBody, Flag, FlagEdit, FlagKind, FlagType, PatchEnvironmentBody } from './types.ts';

/** Flags of the first page of the list: more than a screen shows, few enough to be there at once. */
const firstPageSize = 60;
/** Flags of each further page, asked for as someone goes on. */
const pageSize = 200;

export interface FlagFilter {
  search?: string | undefined;
  type?: FlagType | undefined;
  kind?: FlagKind | undefined;
  /** Exactly so, as is the tag. */
  owner?: string | undefined;
  tag?: string | undefined;
  stale?: boolean | undefined;
  killed?: boolean | undefined;
  /** Where the flag is on, or off. */
  environment?: string | undefined;
  enabled?: boolean | undefined;
  archived?: boolean | undefined;
  sort?: 'key' | '-updatedAt' | undefined;
}

/** All lists of a project's flags begin with this key. */
export function flagListsKey(project: string) {
  return ['flags', project, 'list'] as const;
}

export function flagsQuery(project: string, filter: FlagFilter) {
  return infiniteQueryOptions({
    queryKey: [...flagListsKey(project), filter] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/flags', {
          params: {
            path: { project },
            query: {
              ...withoutUndefined(filter),
              ...(pageParam === undefined ? { limit: firstPageSize } : { limit: pageSize, cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** The few flags that a search finds best, for choosing one. Not under the lists' key: nobody edits what it shows. */
export function foundFlagsQuery(project: string, search: string) {
  return queryOptions({
    queryKey: ['flags', project, 'found', search] as const,
    queryFn: async ({ signal }) => {
      const query = search === '' ? { limit: 8, sort: '-updatedAt' as const } : { limit: 8, search };
      const params = { path: { project }, query };
      return (await unwrap(api.GET('/api/v1/projects/{project}/flags', { params, signal }))).items;
    },
  });
}

export function flagQuery(project: string, flag: string) {
  return queryOptions({
    queryKey: ['flags', project, 'one', flag] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/projects/{project}/flags/{flag}', { params: { path: { project, flag } }, signal })),
  });
}

export function createFlag(project: string, body: CreateFlagBody): Promise<Flag> {
  return unwrap(api.POST('/api/v1/projects/{project}/flags', { params: { path: { project } }, body }));
}

/** Archives the flag, or brings it back. @param version of the flag: another one is refused with `version_mismatch` */
export function setArchived(project: string, flag: string, archived: boolean, version?: number): Promise<Flag> {
  const params = { path: { project, flag } };
  const headers = ifMatch(version);
  return archived
    ? unwrap(api.POST('/api/v1/projects/{project}/flags/{flag}/archive', { params, headers }))
    : unwrap(api.POST('/api/v1/projects/{project}/flags/{flag}/restore', { params, headers }));
}

/** Lets pages get the flag's value. */
export function showToPages(project: string, flag: string): Promise<Flag> {
  const params = { path: { project, flag } };
  return unwrap(api.PATCH('/api/v1/projects/{project}/flags/{flag}', { params, body: { clientVisible: true } }));
}

/** Applies edits to what a flag is everywhere; all or none. @param version as of `setArchived` */
export function editFlag(project: string, flag: string, edits: FlagEdit[], version?: number): Promise<Flag> {
  const params = { path: { project, flag } };
  const headers = ifMatch(version);
  return unwrap(api.POST('/api/v1/projects/{project}/flags/{flag}/edits', { params, headers, body: { edits } }));
}

/**
 * Changes how one environment serves a flag. `version` is the environment's as the person saw it: when someone else
 * changed it meanwhile, the server refuses with `version_mismatch`.
 * @param comment why; empty: nothing is said
 */
export function patchEnvironment(
  project: string,
  flag: string,
  environment: string,
  version: number,
  body: PatchEnvironmentBody,
  comment = '',
) {
  return unwrap(
    api.PATCH('/api/v1/projects/{project}/flags/{flag}/environments/{environment}', {
      params: { path: { project, flag, environment } },
      headers: { 'If-Match': `"${version}"`, ...commentHeader(comment) },
      body,
    }),
  );
}

function ifMatch(version: number | undefined): { 'If-Match'?: string } {
  return version === undefined ? {} : { 'If-Match': `"${version}"` };
}

function withoutUndefined<T extends object>(filter: T): T {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as T;
}
