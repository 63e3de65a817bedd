import type { TargetingEdit } from '@bunting/core';
import { mutationOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { refreshFlags, updateCachedFlag } from './flag-cache.ts';
import { environmentChangeKey } from './toggle.ts';
import type { Attribute, SentEdit } from './types.ts';

/** The attributes of contexts that were seen in an environment, by path: what conditions may name. */
export function attributesQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['attributes', project, environment] as const,
    queryFn: async ({ signal }) => {
      const items: Attribute[] = [];
      let cursor: string | null | undefined;
      // The server keeps a few hundred.
      do {
        const params = { path: { project, environment }, query: { limit: 200, ...(cursor && { cursor }) } };
        const path = '/api/v1/projects/{project}/environments/{environment}/attributes';
        const page = await unwrap(api.GET(path, { params, signal }));
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return items;
    },
    staleTime: 60_000,
  });
}

/** The segments of an environment that a search finds. */
export function foundSegmentsQuery(project: string, environment: string, search: string) {
  return queryOptions({
    queryKey: ['segments', project, environment, 'found', search] as const,
    queryFn: async ({ signal }) => {
      const query = search === '' ? { limit: 50 } : { limit: 50, search };
      const params = { path: { project, environment }, query };
      const page = await unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/segments', { params, signal }),
      );
      return page.items;
    },
  });
}

export interface TargetingChange {
  readonly flag: string;
  readonly environment: string;
  /** The environment's as the person saw it: a change of someone else's meanwhile is refused with `version_mismatch`. */
  readonly version: number;
  readonly edits: readonly TargetingEdit[];
  /** Why, for the audit trail; empty: nothing was said. */
  readonly comment: string;
}

export function saveTargeting(project: string, change: TargetingChange) {
  const { flag, environment, version, edits, comment } = change;
  return unwrap(
    api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/edits', {
      params: { path: { project, flag, environment } },
      headers: {
        'If-Match': `"${version}"`,
        ...(comment !== '' && { 'Bunting-Comment': encodeURIComponent(comment) }),
      },
      body: { edits: edits as SentEdit[] },
    }),
  );
}

/** Saves edits of one environment. They are shown once the server has them, not before. */
export function saveTargetingMutation(client: QueryClient, project: string) {
  return mutationOptions({
    mutationKey: environmentChangeKey,
    scope: { id: `flags of ${project}` },
    mutationFn: (change: TargetingChange) => saveTargeting(project, change),
    onSuccess: ({ flag }) => updateCachedFlag(client, project, flag.key, () => flag),
    onSettled: () => {
      void refreshFlags(client, project);
    },
  });
}
