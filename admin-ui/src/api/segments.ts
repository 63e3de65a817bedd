import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { SegmentBody } from './types.ts';

/** Where a segment is. */
export interface SegmentPlace {
  readonly project: string;
  readonly environment: string;
  readonly segment: string;
}

/** The list of keys that are in whatever the condition says, or the one of those that are out. */
export type KeyList = 'included' | 'excluded';

const one = '/api/v1/projects/{project}/environments/{environment}/segments/{segment}';

export function segmentsQuery(project: string, environment: string, search: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['segments', project, environment, 'list', search] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/segments', {
          params: {
            path: { project, environment },
            query: { limit: 100, ...(search && { search }), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function segmentQuery({ project, environment, segment }: SegmentPlace) {
  return queryOptions({
    queryKey: ['segments', project, environment, 'one', segment] as const,
    queryFn: ({ signal }) => unwrap(api.GET(one, { params: { path: { project, environment, segment } }, signal })),
  });
}

/** The rules of flags, and the other segments, that name it. */
export function segmentUsesQuery({ project, environment, segment }: SegmentPlace) {
  return queryOptions({
    queryKey: ['segments', project, environment, 'uses', segment] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET(`${one}/uses`, { params: { path: { project, environment, segment } }, signal })),
  });
}

/** Keys of a list, in no order that means anything. @param key only this one, exactly */
export function segmentKeysQuery({ project, environment, segment }: SegmentPlace, list: KeyList, key: string) {
  return infiniteQueryOptions({
    queryKey: ['segments', project, environment, 'keys', segment, list, key] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(`${one}/keys`, {
          params: {
            path: { project, environment, segment },
            query: { list, limit: 100, ...(key && { key }), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Whether there is one of this key: making another one would change it. */
export async function hasSegment(project: string, environment: string, segment: string): Promise<boolean> {
  const params = { path: { project, environment }, query: { search: segment, limit: 200 } };
  const { items } = await unwrap(api.GET('/api/v1/projects/{project}/environments/{environment}/segments', { params }));
  return items.some(({ key }) => key === segment);
}

/** Makes a segment, or changes what it says besides its keys. @param version as it was seen; undefined: it is to be new */
export function putSegment(place: SegmentPlace, body: SegmentBody, version: number | undefined) {
  const headers = version === undefined ? {} : { 'If-Match': `"${version}"` };
  return unwrap(api.PUT(one, { params: { path: { ...place } }, headers, body }));
}

export function deleteSegment(place: SegmentPlace, version: number) {
  return unwrap(api.DELETE(one, { params: { path: { ...place } }, headers: { 'If-Match': `"${version}"` } }));
}

export function changeKeys(place: SegmentPlace, list: KeyList, change: { add?: string[]; remove?: string[] }) {
  return unwrap(api.POST(`${one}/keys`, { params: { path: { ...place } }, body: { list, ...change } }));
}

/** Removes all keys of a list. */
export function clearKeys(place: SegmentPlace, list: KeyList) {
  return unwrap(api.DELETE(`${one}/keys`, { params: { path: { ...place }, query: { list } } }));
}

/** Address of all keys of a list as text, a key a line. */
export function keysExportPath({ project, environment, segment }: SegmentPlace, list: KeyList): string {
  const [p, e, s] = [project, environment, segment].map(encodeURIComponent);
  return `/api/v1/projects/${p}/environments/${e}/segments/${s}/keys/export?list=${list}`;
}
