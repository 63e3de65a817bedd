import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapNothing } from './client.ts';
import type { TrafficTargetBody } from './types.ts';

/** Where a traffic target is. */
export interface TargetPlace {
  readonly project: string;
  readonly environment: string;
  readonly target: string;
}

const one = '/api/v1/projects/{project}/environments/{environment}/traffic-targets/{target}';

/** All of an environment, by key: it has a hundred at most. */
export function trafficTargetsQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['traffic', project, environment, 'list'] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, environment }, query: { limit: 100 } };
      const page = await unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/traffic-targets', { params, signal }),
      );
      return page.items;
    },
  });
}

export function trafficTargetQuery({ project, environment, target }: TargetPlace) {
  return queryOptions({
    queryKey: ['traffic', project, environment, 'one', target] as const,
    queryFn: ({ signal }) => unwrap(api.GET(one, { params: { path: { project, environment, target } }, signal })),
  });
}

/** Makes a target, or changes it. @param version as it was seen; 0: it is to be new */
export function putTrafficTarget(place: TargetPlace, body: TrafficTargetBody, version: number) {
  const headers = { 'If-Match': `"${version}"` };
  return unwrap(api.PUT(one, { params: { path: { ...place } }, headers, body }));
}

export function deleteTrafficTarget(place: TargetPlace): Promise<void> {
  return unwrapNothing(api.DELETE(one, { params: { path: { ...place } } }));
}

/** Gives the baseline everyone. @returns whether that is in force */
export function resetTrafficTarget(place: TargetPlace) {
  return unwrap(api.POST(`${one}/reset`, { params: { path: { ...place } } }));
}

/** Sets the weight that it has: nobody moves. @returns whether a release could steer it */
export function testTrafficTarget(place: TargetPlace) {
  return unwrap(api.POST(`${one}/test`, { params: { path: { ...place } } }));
}
