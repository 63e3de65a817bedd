import { infiniteQueryOptions, mutationOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { refreshFlags, updateCachedFlag } from './flag-cache.ts';
import { environmentChangeKey } from './toggle.ts';
import type { Flag, KillAnswer } from './types.ts';

/** More killed flags than anyone can look after. */
const limit = 200;

/** The flags that are killed in an environment now. Under the flags' key: whatever changes a flag may change it. */
export function killsQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['flags', project, 'killed', environment] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, environment }, query: { limit } };
      return (await unwrap(api.GET('/api/v1/projects/{project}/environments/{environment}/kills', { params, signal })))
        .items;
    },
  });
}

/** Past kills of an environment, newest first, each with how long it took to where. */
export function killTimelinesQuery(project: string, environment: string) {
  return infiniteQueryOptions({
    queryKey: ['flags', project, 'kill-timelines', environment] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/kill-timelines', {
          params: { path: { project, environment }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** How long one kill took to where. */
export function killTimelineQuery(project: string, environment: string, flag: string, epoch: number) {
  return queryOptions({
    queryKey: ['flags', project, 'kill-timeline', environment, flag, epoch] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/kills/{flag}/timelines/{epoch}', {
          params: { path: { project, environment, flag, epoch } },
          signal,
        }),
      ),
  });
}

export interface KillRequest {
  readonly flag: string;
  readonly environment: string;
  /** True kills, false re-arms. */
  readonly engaged: boolean;
  readonly reason: string;
}

/** Kills or re-arms a flag in one environment. It waits for no other change: a kill is not made to queue. */
export function killMutation(client: QueryClient, project: string) {
  return mutationOptions({
    mutationKey: environmentChangeKey,
    mutationFn: ({ flag, environment, engaged, reason }: KillRequest) => {
      const request = { params: { path: { project, flag, environment } }, body: { reason } };
      return unwrap(
        engaged
          ? api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/kill', request)
          : api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/rearm', request),
      );
    },
    onSuccess: (answer, { flag, environment }) =>
      updateCachedFlag(client, project, flag, (shown) => withKill(shown, environment, answer)),
    onSettled: () => {
      // Not waited for: with the database lost it fails, and the kill is in force.
      void refreshFlags(client, project);
    },
  });
}

function withKill(flag: Flag, environment: string, answer: KillAnswer): Flag {
  const state = flag.environments[environment];
  if (!state) return flag;
  const { killed: _, ...armed } = state;
  const { engaged, flag: key, peers, ...killed } = answer;
  return { ...flag, environments: { ...flag.environments, [environment]: engaged ? { ...armed, killed } : armed } };
}
