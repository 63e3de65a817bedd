import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { Safeguard, SafeguardBody, SafeguardPatch, SafeguardReplayBody, Sight } from './types.ts';

const safeguards = '/api/v1/projects/{project}/environments/{environment}/safeguards';
const verdicts = '/api/v1/projects/{project}/environments/{environment}/verdicts';

/** An environment, by keys. */
export interface GuardedPlace {
  readonly project: string;
  readonly environment: string;
}

/** All that is known of an environment's safeguards begins with this key. */
export function safeguardsKey({ project, environment }: GuardedPlace) {
  return ['safeguards', project, environment] as const;
}

/** Those of an environment, oldest first; each with the first of what it watches. */
export function safeguardsQuery(place: GuardedPlace) {
  return infiniteQueryOptions({
    queryKey: [...safeguardsKey(place), 'list'] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(safeguards, {
          params: { path: { ...place }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Those that watch one flag, with what they see of it; more than 200 nobody reads. */
export function safeguardsOfFlagQuery(place: GuardedPlace, flag: string) {
  return queryOptions({
    queryKey: [...safeguardsKey(place), 'of-flag', flag] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { ...place }, query: { flag, limit: 200 } };
      return (await unwrap(api.GET(safeguards, { params, signal }))).items;
    },
  });
}

export function safeguardQuery(place: GuardedPlace, safeguard: string) {
  return queryOptions({
    queryKey: [...safeguardsKey(place), 'one', safeguard] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET(`${safeguards}/{safeguard}`, { params: { path: { ...place, safeguard } }, signal })),
  });
}

/** What it has counted, as the server that answers sees it. */
export function safeguardStateQuery(place: GuardedPlace, safeguard: string) {
  return queryOptions({
    queryKey: [...safeguardsKey(place), 'state', safeguard] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET(`${safeguards}/{safeguard}/state`, { params: { path: { ...place, safeguard } }, signal })),
  });
}

/** Which flags that are on are watched, and of which nothing would be seen. */
export function coverageQuery(place: GuardedPlace, sight: Sight) {
  return infiniteQueryOptions({
    queryKey: [...safeguardsKey(place), 'coverage', sight] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(`${safeguards}/coverage`, {
          params: { path: { ...place }, query: { sight, limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function createSafeguard(place: GuardedPlace, body: SafeguardBody): Promise<Safeguard> {
  return unwrap(api.POST(safeguards, { params: { path: { ...place } }, body }));
}

/** The usual ones of one flag, or (without it) of all that SDKs measure in the environment; as dry runs. */
export async function createStandardSafeguards(place: GuardedPlace, flag?: string): Promise<Safeguard[]> {
  const watch = flag === undefined ? { measured: true as const } : { flag };
  const params = { path: { ...place } };
  const body = { watch, mode: 'dry_run' as const };
  return (await unwrap(api.POST(`${safeguards}/standard`, { params, body }))).items;
}

/** @param version as it was seen: what someone else has changed since is refused, not overrun */
export function patchSafeguard(
  place: GuardedPlace,
  { id, version }: Pick<Safeguard, 'id' | 'version'>,
  body: SafeguardPatch,
): Promise<Safeguard> {
  return unwrap(
    api.PATCH(`${safeguards}/{safeguard}`, {
      params: { path: { ...place, safeguard: id } },
      headers: { 'If-Match': `"${version}"` },
      body,
    }),
  );
}

export function deleteSafeguard(place: GuardedPlace, safeguard: string): Promise<void> {
  return unwrapNothing(api.DELETE(`${safeguards}/{safeguard}`, { params: { path: { ...place, safeguard } } }));
}

/** What safeguards found, newest first; of one of them, or of one flag. */
export function verdictsQuery(place: GuardedPlace, of: { safeguard?: string; flag?: string } = {}) {
  return infiniteQueryOptions({
    queryKey: [...safeguardsKey(place), 'verdicts', of] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(verdicts, {
          params: { path: { ...place }, query: { ...of, limit: 20, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function verdictQuery(place: GuardedPlace, verdict: string) {
  return queryOptions({
    queryKey: [...safeguardsKey(place), 'verdict', verdict] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET(`${verdicts}/{verdict}`, { params: { path: { ...place, verdict } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Why it failed, in sentences. */
export function explanationQuery(place: GuardedPlace, verdict: string) {
  return queryOptions({
    queryKey: [...safeguardsKey(place), 'explanation', verdict] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { ...place, verdict } };
      return (await unwrap(api.GET(`${verdicts}/{verdict}/explain`, { params, signal }))).sentences;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Judges the same counts once more, by what is asked; changes nothing. */
export function replayQuery(place: GuardedPlace, verdict: string, body: SafeguardReplayBody) {
  return queryOptions({
    queryKey: [...safeguardsKey(place), 'replay', verdict, body] as const,
    queryFn: ({ signal }) =>
      unwrap(api.POST(`${verdicts}/{verdict}/replay`, { params: { path: { ...place, verdict } }, body, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
