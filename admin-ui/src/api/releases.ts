import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { baseUrl } from '../base.ts';
import { api, unwrap } from './client.ts';
import type { TargetPlace } from './traffic.ts';
import type {
  CreateReleaseBody,
  GateTrialAnswer,
  GateTrialBody,
  Release,
  ReleaseCommandBody,
  ReleaseDecision,
  ReleasePhase,
} from './types.ts';

export interface ReleaseFilter {
  readonly environment?: string | undefined;
  readonly phase?: ReleasePhase | undefined;
  /** What titles contain, in any case. */
  readonly search?: string | undefined;
  /** Whether they hold what they move, or wait for their time; undefined: all. */
  readonly underWay?: boolean | undefined;
}

/** Releases of a project, newest first. */
export function releasesQuery(project: string, { environment, phase, search, underWay }: ReleaseFilter) {
  return infiniteQueryOptions({
    queryKey: ['releases', project, 'list', { environment, phase, search, underWay }] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/releases', {
          params: {
            path: { project },
            query: {
              limit: 50,
              ...(environment && { environment }),
              ...(phase && { phase }),
              ...(search && { search }),
              ...(underWay !== undefined && { underWay }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function releaseQuery(project: string, release: string) {
  return queryOptions({
    queryKey: ['releases', project, 'one', release] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/releases/{release}', { params: { path: { project, release } }, signal }),
      ),
  });
}

/** What was decided about a release, newest first. `version` is the release's: each decision makes a new one. */
export function decisionsQuery(project: string, release: string, version: number) {
  return infiniteQueryOptions({
    queryKey: ['releases', project, 'decisions', release, version] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/releases/{release}/decisions', {
          params: { path: { project, release }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (previous) => previous,
  });
}

/** How the gates of a release stand or stood, of all attempts, the latest first. */
export function gateRunsQuery(project: string, release: string) {
  return queryOptions({
    queryKey: ['releases', project, 'gates', release] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, release } };
      const { items } = await unwrap(
        api.GET('/api/v1/projects/{project}/releases/{release}/gates', { params, signal }),
      );
      return items;
    },
  });
}

/** What one gate measured, look by look. */
export function gateRunQuery(project: string, release: string, run: string) {
  return queryOptions({
    queryKey: ['releases', project, 'gate', release, run] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/releases/{release}/gates/{run}', {
          params: { path: { project, release, run } },
          signal,
        }),
      ),
  });
}

/** What a release could see on its way, if it began now, and for what it would be refused. Nothing is made. */
export function releaseLintQuery(project: string, body: CreateReleaseBody) {
  return queryOptions({
    queryKey: ['releases', project, 'lint', body] as const,
    queryFn: ({ signal }) =>
      unwrap(api.POST('/api/v1/projects/{project}/releases/lint', { params: { path: { project } }, body, signal })),
    staleTime: 30_000,
  });
}

/** So many decisions are looked at for what was out at which time. */
const manyDecisions = 1_000;

/** All that was decided about a release, oldest first; of very long ones the latest thousand. */
export function exposureHistoryQuery(project: string, release: string, version: number) {
  return queryOptions({
    queryKey: ['releases', project, 'history', release, version] as const,
    queryFn: async ({ signal }) => {
      const found: ReleaseDecision[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await unwrap(
          api.GET('/api/v1/projects/{project}/releases/{release}/decisions', {
            params: { path: { project, release }, query: { limit: 200, ...(cursor && { cursor }) } },
            signal,
          }),
        );
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor && found.length < manyDecisions);
      return found.toReversed();
    },
    placeholderData: (previous) => previous,
  });
}

/** What divides the traffic of a release, asked anew. */
export function trafficStateQuery(project: string, environment: string, target: string) {
  return queryOptions({
    queryKey: ['releases', project, 'traffic', environment, target] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/traffic-targets/{target}/state', {
          params: { path: { project, environment, target } },
          signal,
        }),
      ),
  });
}

export function migrationPlanQuery(project: string, environment: string, plan: string) {
  return queryOptions({
    queryKey: ['releases', project, 'plan', environment, plan] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/migration-plans/{plan}', {
          params: { path: { project, environment, plan } },
          signal,
        }),
      ),
  });
}

/** A file with all that was decided about a release. */
export function exportPath(project: string, release: string): string {
  return `${baseUrl}/api/v1/projects/${encodeURIComponent(project)}/releases/${encodeURIComponent(release)}/export`;
}

export function createRelease(project: string, body: CreateReleaseBody): Promise<Release> {
  return unwrap(api.POST('/api/v1/projects/{project}/releases', { params: { path: { project } }, body }));
}

/** Makes something else of a draft. @param version the one that was begun from: another's edit is refused with `version_mismatch` */
export function editRelease(project: string, release: string, version: number, body: CreateReleaseBody) {
  const params = { path: { project, release } };
  const headers = { 'If-Match': `"${version}"` };
  return unwrap(api.PUT('/api/v1/projects/{project}/releases/{release}', { params, headers, body }));
}

/** Judges a gate by what can be seen now. Nothing is kept, and no job is run. */
export function tryGate(project: string, environment: string, body: GateTrialBody): Promise<GateTrialAnswer> {
  const params = { path: { project, environment } };
  return unwrap(api.POST('/api/v1/projects/{project}/environments/{environment}/gates/try', { params, body }));
}

/** What a person asks of a release: a command, or to approve it (or its stage). */
export type ReleaseWish = ReleaseCommandBody | { readonly command: 'approve' };

export async function commandRelease(
  client: QueryClient,
  project: string,
  { id, phase, version }: Pick<Release, 'id' | 'phase' | 'version'>,
  wish: ReleaseWish,
): Promise<Release> {
  const params = { path: { project, release: id } };
  // Of a draft it is what was looked at that is approved.
  const headers = phase === 'draft' ? { 'If-Match': `"${version}"` } : {};
  const answer = await unwrap(
    wish.command === 'approve'
      ? api.POST('/api/v1/projects/{project}/releases/{release}/approve', { params, headers })
      : api.POST('/api/v1/projects/{project}/releases/{release}/commands', { params, body: wish }),
  );
  client.setQueryData(releaseQuery(project, id).queryKey, answer);
  void client.invalidateQueries({ queryKey: ['releases', project] });
  return answer;
}

/** The titles of releases under way, by the flags that are in them; of the newest 200 of them. */
export function releasedFlagsQuery(project: string) {
  return queryOptions({
    queryKey: ['releases', project, 'by-flag'] as const,
    queryFn: async ({ signal }) => {
      const byFlag = new Map<string, string[]>();
      for (const { title, flags } of await readUnderWay(project, signal)) {
        for (const { flag } of flags) byFlag.set(flag, [...(byFlag.get(flag) ?? []), title]);
      }
      return byFlag as ReadonlyMap<string, readonly string[]>;
    },
    staleTime: 10_000,
    refetchInterval: 30_000,
  });
}

/** The releases under way that a flag is in, of the newest 200 of them. */
export function releasesOfFlagQuery(project: string, flag: string) {
  return queryOptions({
    queryKey: ['releases', project, 'of-flag', flag] as const,
    queryFn: async ({ signal }) => {
      const underWayNow = await readUnderWay(project, signal);
      return underWayNow.filter(({ flags }) => flags.some((one) => one.flag === flag));
    },
    refetchInterval: 30_000,
  });
}

/** The releases that move requests at a traffic target, or did, of the newest 200 of its environment. */
export function releasesOfTargetQuery({ project, environment, target }: TargetPlace) {
  return queryOptions({
    queryKey: ['releases', project, 'of-target', environment, target] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project }, query: { environment, limit: 200 } };
      const { items } = await unwrap(api.GET('/api/v1/projects/{project}/releases', { params, signal }));
      return items.filter(({ traffic }) => traffic?.target === target);
    },
  });
}

async function readUnderWay(project: string, signal: AbortSignal) {
  const params = { path: { project }, query: { limit: 200, underWay: true } };
  const { items } = await unwrap(api.GET('/api/v1/projects/{project}/releases', { params, signal }));
  return items;
}
