import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { commentHeader } from './comment.ts';

/** What the audit log is narrowed to; moments as ISO 8601. */
export interface AuditFilter {
  project?: string;
  environment?: string;
  targetKind?: string;
  target?: string;
  actor?: string;
  action?: string;
  change?: string;
  from?: string;
  until?: string;
  search?: string;
}

/** Events of a page; more are asked for as someone goes on. */
const pageSize = 50;

/** Who changed what, newest first. */
export function auditQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    queryKey: ['audit', 'list', filter] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/audit', {
          params: { query: { ...filter, limit: pageSize, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function auditEventQuery(event: string) {
  return queryOptions({
    queryKey: ['audit', 'one', event] as const,
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/audit/{event}', { params: { path: { event } }, signal })),
    // What is written there never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Who changed a flag, newest first. */
export function flagAuditQuery(project: string, flag: string) {
  return infiniteQueryOptions({
    queryKey: ['audit', project, flag] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/audit', {
          params: { query: { project, flag, limit: 30, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Has every event read and its hash computed again; takes seconds for 100 000. */
export const verificationQuery = queryOptions({
  queryKey: ['audit', 'verification'] as const,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/audit/verification', { signal })),
  staleTime: 0,
  gcTime: 0,
});

/** The signed ends of all chains, newest first. */
export const checkpointsQuery = infiniteQueryOptions({
  queryKey: ['audit', 'checkpoints'] as const,
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) => {
    const query = { order: 'newest' as const, limit: 20, ...(pageParam && { cursor: pageParam }) };
    return unwrap(api.GET('/api/v1/audit/checkpoints', { params: { query }, signal }));
  },
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

/** Signs where all chains end now. @returns the last checkpoint, which may be an earlier one when nothing was added */
export function makeCheckpoint() {
  return unwrap(api.POST('/api/v1/audit/checkpoints'));
}

/** Names of what undoing an event would set back now; none: everything is back already. */
export function revertPreviewQuery(event: string) {
  return queryOptions({
    queryKey: ['audit', 'revert', event] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { event }, query: { preview: true } };
      return (await unwrap(api.POST('/api/v1/audit/{event}/revert', { params, signal }))).changes;
    },
    staleTime: 0,
    gcTime: 0,
  });
}

export function revertEvent(event: string, reason: string) {
  return unwrap(
    api.POST('/api/v1/audit/{event}/revert', { params: { path: { event }, header: commentHeader(reason) } }),
  );
}
