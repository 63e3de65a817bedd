import { infiniteQueryOptions, type QueryClient } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { FlagComment } from './types.ts';

/** What was said about a flag, newest first. */
export function flagCommentsQuery(project: string, flag: string) {
  return infiniteQueryOptions({
    queryKey: ['flag-comments', project, flag] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const params = { path: { project, flag }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } };
      return unwrap(api.GET('/api/v1/projects/{project}/flags/{flag}/comments', { params, signal }));
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function commentOnFlag(project: string, flag: string, body: string): Promise<FlagComment> {
  const params = { path: { project, flag } };
  return unwrap(api.POST('/api/v1/projects/{project}/flags/{flag}/comments', { params, body: { body } }));
}

/** @param comment its id */
export function editFlagComment(project: string, flag: string, comment: string, body: string): Promise<FlagComment> {
  const params = { path: { project, flag, comment } };
  return unwrap(api.PATCH('/api/v1/projects/{project}/flags/{flag}/comments/{comment}', { params, body: { body } }));
}

/** @param comment its id */
export function deleteFlagComment(project: string, flag: string, comment: string): Promise<void> {
  const params = { path: { project, flag, comment } };
  return unwrapNothing(api.DELETE('/api/v1/projects/{project}/flags/{flag}/comments/{comment}', { params }));
}

/** Asks anew for what was said, and for the audit trail, which tells of it. */
export function refreshComments(client: QueryClient, project: string, flag: string): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: flagCommentsQuery(project, flag).queryKey }),
    client.invalidateQueries({ queryKey: ['audit', project, flag] }),
  ]);
}
