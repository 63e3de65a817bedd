import type { TargetingEdit } from '@bunting/core';
import { queryOptions } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { api, unwrap } from './client.ts';
import type { Preview, SentEdit } from './types.ts';

/** Whom edits of a flag would move among the contexts that were seen; null when whoever asks may not know of them. */
export function impactQuery(project: string, environment: string, flag: string, edits: readonly TargetingEdit[]) {
  return queryOptions({
    queryKey: ['impact', project, environment, flag, JSON.stringify(edits)] as const,
    queryFn: async ({ signal }): Promise<Preview | null> => {
      try {
        return await unwrap(
          api.POST('/api/v1/projects/{project}/environments/{environment}/contexts/preview', {
            params: { path: { project, environment } },
            body: { changes: [{ flag, edits: edits as SentEdit[] }] },
            signal,
          }),
        );
      } catch (error) {
        if (error instanceof ApiError && error.status === 403) return null;
        throw error;
      }
    },
  });
}
