import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { commentHeader } from './comment.ts';
import type { ChangeRequest, ChangeRequestPatch, ChangeRequestState } from './types.ts';

const one = '/api/v1/projects/{project}/change-requests/{request}';

/** Newest first. */
export function changeRequestsQuery(project: string, state: ChangeRequestState | undefined) {
  return infiniteQueryOptions({
    queryKey: ['change-requests', project, 'list', state] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/change-requests', {
          params: {
            path: { project },
            query: { limit: 50, ...(state && { state }), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function changeRequestQuery(project: string, request: string) {
  return queryOptions({
    queryKey: ['change-requests', project, 'one', request] as const,
    queryFn: ({ signal }) => unwrap(api.GET(one, { params: { path: { project, request } }, signal })),
  });
}

/** What it would do now, and what stands against it. */
export function changePreviewQuery(project: string, request: string) {
  return queryOptions({
    queryKey: ['change-requests', project, 'preview', request] as const,
    queryFn: ({ signal }) => unwrap(api.GET(`${one}/preview`, { params: { path: { project, request } }, signal })),
  });
}

/** What was said about it, oldest first; the first 200. */
export function entriesQuery(project: string, request: string) {
  return queryOptions({
    queryKey: ['change-requests', project, 'entries', request] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, request }, query: { limit: 200 } };
      return (await unwrap(api.GET(`${one}/entries`, { params, signal }))).items;
    },
  });
}

export function commentOn(project: string, request: string, body: string) {
  return unwrap(api.POST(`${one}/comments`, { params: { path: { project, request } }, body: { body } }));
}

/** Says it otherwise. Other changes void approvals. Refused with `version_mismatch` where someone else has changed it since. */
export function updateRequest(
  project: string,
  { id, version }: Pick<ChangeRequest, 'id' | 'version'>,
  body: ChangeRequestPatch,
) {
  const params = { path: { project, request: id } };
  return unwrap(api.PATCH(one, { params, headers: { 'If-Match': `"${version}"` }, body }));
}

/** What a person does with a change request; it is edited by `updateRequest`. */
export type RequestAct = Exclude<ChangeRequest['actions'][number], 'edit'> | 'break-glass';

/**
 * Does it. Approving binds to what the person read, by its hash; applying to its version.
 * @param said a comment of the approval, or why it is rejected, or why the glass is broken
 */
export async function actOnRequest(
  project: string,
  request: ChangeRequest,
  act: RequestAct,
  said: string,
): Promise<void> {
  const path = { project, request: request.id };
  const params = { path };
  const body = said === '' ? {} : { body: said };
  const ifMatch = { 'If-Match': `"${request.version}"` };
  switch (act) {
    case 'approve':
      await unwrap(api.POST(`${one}/approve`, { params, body: { contentHash: request.contentHash, ...body } }));
      return;
    case 'reject':
      await unwrap(api.POST(`${one}/reject`, { params, body: { body: said } }));
      return;
    case 'apply':
      await unwrap(api.POST(`${one}/apply`, { params, headers: ifMatch }));
      return;
    case 'break-glass':
      await unwrap(
        api.POST(`${one}/apply`, {
          params: { path, header: { 'bunting-break-glass': 'true', ...commentHeader(said) } },
          headers: ifMatch,
        }),
      );
      return;
    case 'open':
      await unwrap(api.POST(`${one}/open`, { params }));
      return;
    case 'rebase':
      await unwrap(api.POST(`${one}/rebase`, { params }));
      return;
    case 'cancel':
      await unwrap(api.POST(`${one}/cancel`, { params }));
      return;
  }
}

/** Has it applied at a time, if it is approved by then. @param at RFC 3339 */
export function scheduleRequest(project: string, { id, title }: ChangeRequest, at: string) {
  return unwrap(
    api.POST('/api/v1/projects/{project}/schedules', {
      params: { path: { project } },
      body: { kind: 'request', title, at, changeRequest: id },
    }),
  );
}
