import { mutationOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { refreshFlags } from './flag-cache.ts';
import { environmentChangeKey } from './toggle.ts';
import type { PromotedFlag, PromotionPart } from './types.ts';

/** One flag from one environment to another. */
export interface PromotionPlace {
  readonly project: string;
  readonly flag: string;
  readonly from: string;
  readonly to: string;
}

/** What promoting parts of a flag would change, and what stands against it. Undefined parts: all. */
export function promotionQuery(place: PromotionPlace, parts?: readonly PromotionPart[]) {
  const { project, flag, from, to } = place;
  return queryOptions({
    // Under the flag's own key: whoever changes it changes this.
    queryKey: ['flags', project, 'promotion', flag, from, to, parts ?? null] as const,
    queryFn: async ({ signal }): Promise<PromotedFlag> => {
      const params = { path: { project, environment: to } };
      const body = { from, preview: true, flags: [{ key: flag, ...(parts && { parts: [...parts] }) }] };
      const path = '/api/v1/projects/{project}/environments/{environment}/promotions';
      const { flags } = await unwrap(api.POST(path, { params, body, signal }));
      const [own] = flags;
      if (own === undefined) throw new Error(`the server said nothing of ${flag}`);
      return own;
    },
  });
}

export interface Promotion extends PromotionPlace {
  readonly parts: readonly PromotionPart[];
  /** Those that the preview told. */
  readonly versions: PromotedFlag['versions'];
  readonly comment: string;
}

/** Promotes what a preview showed; who changed the flag since is not overrun. */
export function promoteMutation(client: QueryClient) {
  return mutationOptions({
    mutationKey: environmentChangeKey,
    mutationFn: ({ project, flag, from, to, parts, versions, comment }: Promotion) =>
      unwrap(
        api.POST('/api/v1/projects/{project}/environments/{environment}/promotions', {
          params: { path: { project, environment: to } },
          headers: comment === '' ? {} : { 'Bunting-Comment': encodeURIComponent(comment) },
          body: { from, flags: [{ key: flag, parts: [...parts], versions }] },
        }),
      ),
    onSettled: (_data, _error, { project }) => {
      void refreshFlags(client, project);
    },
  });
}
