import { mutationOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { refreshFlags } from './flag-cache.ts';
import { environmentChangeKey } from './toggle.ts';
import type { Project, Ramp } from './types.ts';

/** The ramps of a flag in an environment: what is done to one of them is done to all. */
export interface RampsOf {
  readonly flag: string;
  /** Its key. */
  readonly environment: string;
  readonly ramps: readonly Ramp[];
}

/** Those of all environments of a project, by flag. Read anew whenever its flags are. */
export function rampsQuery({ key: project, environments }: Project) {
  return queryOptions({
    queryKey: ['flags', project, 'ramps', environments.map(({ key }) => key)] as const,
    queryFn: async ({ signal }): Promise<RampsOf[]> => {
      const all = await Promise.all(environments.map(({ key }) => readRamps(project, key, signal)));
      return all.flat();
    },
  });
}

async function readRamps(project: string, environment: string, signal: AbortSignal): Promise<RampsOf[]> {
  const ramps = new Map<string, Ramp[]>();
  let cursor: string | undefined;
  do {
    const params = { path: { project, environment }, query: { limit: 200, ...(cursor !== undefined && { cursor }) } };
    const page = await unwrap(
      api.GET('/api/v1/projects/{project}/environments/{environment}/ramps', { params, signal }),
    );
    for (const ramp of page.items) ramps.set(ramp.flag, [...(ramps.get(ramp.flag) ?? []), ramp]);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return [...ramps].map(([flag, of]) => ({ flag, environment, ramps: of }));
}

interface RampRequest {
  readonly flag: string;
  readonly environment: string;
  readonly reason: string;
}

/** Stops the ramps of a flag where they are, in one environment. */
export function holdRamps(project: string, { flag, environment, reason }: RampRequest) {
  return unwrap(
    api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/ramps/hold', {
      params: { path: { project, flag, environment } },
      body: { reason },
    }),
  );
}

interface ResumeRequest extends RampRequest {
  /** Takes this cause away only; without it whatever holds them. */
  readonly cause?: string;
}

/** Lets the ramps of a flag go on in one environment. */
export function resumeRamps(project: string, { flag, environment, ...body }: ResumeRequest) {
  return unwrap(
    api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/ramps/resume', {
      params: { path: { project, flag, environment } },
      body,
    }),
  );
}

/** `holdRamps` or `resumeRamps`, as a change of a flag from a page. */
export function rampsMutation(client: QueryClient, project: string, act: typeof holdRamps) {
  return mutationOptions({
    mutationKey: environmentChangeKey,
    mutationFn: (request: RampRequest) => act(project, request),
    // Not waited for: whoever acts is told at once.
    onSettled: () => void refreshFlags(client, project),
  });
}
