import type { TargetingEdit } from '@bunting/core';
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { SentEdit } from './types.ts';

/** Whom edits of a flag would move among the contexts that were seen. */
export function impactQuery(project: string, environment: string, flag: string, edits: readonly TargetingEdit[]) {
  return queryOptions({
    queryKey: ['impact', project, environment, flag, JSON.stringify(edits)] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/v1/projects/{project}/environments/{environment}/contexts/preview', {
          params: { path: { project, environment } },
          body: { changes: [{ flag, edits: edits as SentEdit[] }] },
          signal,
        }),
      ),
  });
}
