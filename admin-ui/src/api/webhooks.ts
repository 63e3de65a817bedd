import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { NewWebhook, WebhookBody, WebhookDelivery, WebhookPatch } from './types.ts';

const one = '/api/v1/projects/{project}/webhooks/{webhook}';

/** The first 200, oldest first. */
export function webhooksQuery(project: string) {
  return queryOptions({
    queryKey: ['webhooks', project, 'list'] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project }, query: { limit: 200 } };
      return (await unwrap(api.GET('/api/v1/projects/{project}/webhooks', { params, signal }))).items;
    },
  });
}

export function webhookQuery(project: string, webhook: string) {
  return queryOptions({
    queryKey: ['webhooks', project, 'one', webhook] as const,
    queryFn: ({ signal }) => unwrap(api.GET(one, { params: { path: { project, webhook } }, signal })),
  });
}

/** The answer holds the secret that messages are signed with: it can never be shown again. */
export function createWebhook(project: string, body: WebhookBody): Promise<NewWebhook> {
  return unwrap(api.POST('/api/v1/projects/{project}/webhooks', { params: { path: { project } }, body }));
}

/** @param version as it was seen */
export function patchWebhook(project: string, webhook: string, version: number, body: WebhookPatch) {
  const headers = { 'If-Match': `"${version}"` };
  return unwrap(api.PATCH(one, { params: { path: { project, webhook } }, headers, body }));
}

export function deleteWebhook(project: string, webhook: string): Promise<void> {
  return unwrapNothing(api.DELETE(one, { params: { path: { project, webhook } } }));
}

/** A new secret; the one before signs, too, for a day. */
export function rotateSecret(project: string, webhook: string) {
  return unwrap(api.POST(`${one}/rotate-secret`, { params: { path: { project, webhook } } }));
}

/** Sends a message now. @returns what came of it */
export function testWebhook(project: string, webhook: string) {
  return unwrap(api.POST(`${one}/test`, { params: { path: { project, webhook } } }));
}

/** What was and is to be delivered, newest first. */
export function deliveriesQuery(project: string, webhook: string, state: WebhookDelivery['state'] | undefined) {
  return infiniteQueryOptions({
    queryKey: ['webhooks', project, 'deliveries', webhook, state] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(`${one}/deliveries`, {
          params: {
            path: { project, webhook },
            query: { limit: 50, ...(state && { state }), ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function redeliver(project: string, webhook: string, delivery: string): Promise<void> {
  return unwrapNothing(
    api.POST(`${one}/deliveries/{delivery}/redeliver`, { params: { path: { project, webhook, delivery } } }),
  );
}

/** Delivers once more all that failed. @returns how many */
export async function redeliverFailed(project: string, webhook: string): Promise<number> {
  return (await unwrap(api.POST(`${one}/redeliver`, { params: { path: { project, webhook } } }))).deliveries;
}
