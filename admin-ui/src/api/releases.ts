import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { CreateReleaseBody, Release, ReleaseCommandBody, ReleasePhase } from './types.ts';

export interface ReleaseFilter {
  readonly environment?: string | undefined;
  readonly phase?: ReleasePhase | undefined;
}

/** Releases of a project, newest first. */
export function releasesQuery(project: string, { environment, phase }: ReleaseFilter) {
  return infiniteQueryOptions({
    queryKey: ['releases', project, 'list', environment, phase] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/releases', {
          params: {
            path: { project },
            query: {
              limit: 50,
              ...(environment && { environment }),
              ...(phase && { phase }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function releaseQuery(project: string, release: string) {
  return queryOptions({
    queryKey: ['releases', project, 'one', release] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/releases/{release}', { params: { path: { project, release } }, signal }),
      ),
  });
}

/** What was decided about a release, newest first. `version` is the release's: each decision makes a new one. */
export function decisionsQuery(project: string, release: string, version: number) {
  return infiniteQueryOptions({
    queryKey: ['releases', project, 'decisions', release, version] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/releases/{release}/decisions', {
          params: { path: { project, release }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  });
}

export function createRelease(project: string, body: CreateReleaseBody): Promise<Release> {
  return unwrap(api.POST('/api/v1/projects/{project}/releases', { params: { path: { project } }, body }));
}

/** What a person asks of a release: a command, or to approve it (or its stage). */
export type ReleaseWish = ReleaseCommandBody | { readonly command: 'approve' };

export async function commandRelease(
  client: QueryClient,
  project: string,
  release: string,
  wish: ReleaseWish,
): Promise<Release> {
  const params = { path: { project, release } };
  const answer = await unwrap(
    wish.command === 'approve'
      ? api.POST('/api/v1/projects/{project}/releases/{release}/approve', { params })
      : api.POST('/api/v1/projects/{project}/releases/{release}/commands', { params, body: wish }),
  );
  client.setQueryData(releaseQuery(project, release).queryKey, answer);
  void client.invalidateQueries({ queryKey: ['releases', project] });
  return answer;
}
