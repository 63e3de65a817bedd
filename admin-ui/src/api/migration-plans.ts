import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import { migrationPlanQuery } from './releases.ts';
import type {
  MigrationCommandBody,
  MigrationPhase,
  MigrationPlan,
  MigrationPlanBody,
  MigrationPlanPatch,
} from './types.ts';

/** Where a migration plan is. */
export interface PlanPlace {
  readonly project: string;
  readonly environment: string;
  readonly plan: string;
}

const all = '/api/v1/projects/{project}/environments/{environment}/migration-plans';
const one = `${all}/{plan}` as const;

/** Those of an environment, by key. */
export function migrationPlansQuery(project: string, environment: string) {
  return infiniteQueryOptions({
    queryKey: ['migration-plans', project, environment, 'list'] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(all, {
          params: { path: { project, environment }, query: { limit: 50, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Those of an environment to choose from: the first 200, by key. */
export function planChoicesQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['migration-plans', project, environment, 'choices'] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, environment }, query: { limit: 200 } };
      return (await unwrap(api.GET(all, { params, signal }))).items;
    },
  });
}

/** What going to a phase would run, and whether it may, as of now. */
export function migrationPreviewQuery({ project, environment, plan }: PlanPlace, to: MigrationPhase) {
  return queryOptions({
    queryKey: ['migration-plans', project, environment, 'preview', plan, to] as const,
    queryFn: ({ signal }) =>
      unwrap(api.GET(`${one}/preview`, { params: { path: { project, environment, plan }, query: { to } }, signal })),
    staleTime: 0,
  });
}

/** What was done of a plan, newest first. */
export function migrationRunsQuery({ project, environment, plan }: PlanPlace) {
  return infiniteQueryOptions({
    queryKey: ['migration-plans', project, environment, 'runs', plan] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(`${one}/runs`, {
          params: {
            path: { project, environment, plan },
            query: { limit: 20, ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function createMigrationPlan(project: string, environment: string, body: MigrationPlanBody) {
  return unwrap(api.POST(all, { params: { path: { project, environment } }, body }));
}

/** @param version as it was seen */
export function patchMigrationPlan(place: PlanPlace, version: number, body: MigrationPlanPatch) {
  const headers = { 'If-Match': `"${version}"` };
  return unwrap(api.PATCH(one, { params: { path: { ...place } }, headers, body }));
}

export function deleteMigrationPlan(place: PlanPlace): Promise<void> {
  return unwrapNothing(api.DELETE(one, { params: { path: { ...place } } }));
}

/** Sends it to a phase, stops it, lets it go on, or has what failed tried again. */
export async function commandMigrationPlan(
  client: QueryClient,
  place: PlanPlace,
  body: MigrationCommandBody,
): Promise<MigrationPlan> {
  const plan = await unwrap(api.POST(`${one}/commands`, { params: { path: { ...place } }, body }));
  keepMigrationPlan(client, place, plan);
  return plan;
}

/** Shows a plan as the server answered with it, wherever it is shown. */
export function keepMigrationPlan(client: QueryClient, place: PlanPlace, plan: MigrationPlan): void {
  const { project, environment } = place;
  client.setQueryData(migrationPlanQuery(project, environment, place.plan).queryKey, plan);
  void client.invalidateQueries({ queryKey: ['migration-plans', project, environment] });
}
