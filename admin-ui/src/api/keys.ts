import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { CreatedKey, CreateKeyBody, KeyPatch, SdkKey } from './types.ts';

/** All of them, also those that were revoked, oldest first. */
export function keysQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['keys', project, environment] as const,
    queryFn: async ({ signal }) => {
      const keys: SdkKey[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await unwrap(
          api.GET('/api/v1/projects/{project}/environments/{environment}/keys', {
            params: { path: { project, environment }, query: { limit: 200, ...(cursor && { cursor }) } },
            signal,
          }),
        );
        keys.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return keys;
    },
  });
}

/** The answer holds the secret; the server keeps only its hash and can never show it again. */
export function createKey(project: string, environment: string, body: CreateKeyBody): Promise<CreatedKey> {
  return unwrap(
    api.POST('/api/v1/projects/{project}/environments/{environment}/keys', {
      params: { path: { project, environment } },
      body,
    }),
  );
}

/** Changes what is not secret of a key. */
export function updateKey(project: string, environment: string, id: string, body: KeyPatch): Promise<SdkKey> {
  return unwrap(
    api.PATCH('/api/v1/projects/{project}/environments/{environment}/keys/{id}', {
      params: { path: { project, environment, id } },
      body,
    }),
  );
}

/**
 * Makes a key that takes the place of another; the answer holds its secret.
 * @param oldUntil how long the other is valid too (ISO 8601); null: until it is revoked
 */
export function rotateKey(project: string, environment: string, id: string, oldUntil: string | null) {
  return unwrap(
    api.POST('/api/v1/projects/{project}/environments/{environment}/keys/{id}/rotate', {
      params: { path: { project, environment, id } },
      body: { oldUntil },
    }),
  );
}

/** Ends the key for good: whoever is connected with it is disconnected at once. */
export function revokeKey(project: string, environment: string, id: string): Promise<void> {
  return unwrapNothing(
    api.DELETE('/api/v1/projects/{project}/environments/{environment}/keys/{id}', {
      params: { path: { project, environment, id } },
    }),
  );
}
