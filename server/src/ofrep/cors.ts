import type { App } from '../http/app-types.ts';

/**
 * Lets pages of any origin call: what opens these routes is a key in a header, which no browser adds by itself, never a
 * cookie.
 */
export function allowPages(app: App): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'etag, retry-after, stream-data-age-ms, x-request-id',
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
  app.options('/*', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers':
          'authorization, content-type, if-none-match, x-api-key, x-context-hash, x-request-id',
        'access-control-max-age': '86400',
      })
      .send(),
  );
}
