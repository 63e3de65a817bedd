import { mutationOptions, type QueryClient } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { refreshFlags } from './flag-cache.ts';
import type { LineAnswer } from './types.ts';

export interface LineRequest {
  /** True stops, false lets go on. */
  readonly stop: boolean;
  /** Key of the environment; undefined: the whole project. */
  readonly environment: string | undefined;
  readonly reason: string;
}

/** Stops everything that exposes more people by itself, or lets it go on. */
export function lineMutation(client: QueryClient, project: string) {
  return mutationOptions({
    mutationFn: ({ stop, environment, reason }: LineRequest): Promise<LineAnswer> => {
      const request = {
        params: { path: { project } },
        body: { reason, ...(environment !== undefined && { environments: [environment] }) },
      };
      return unwrap(
        stop
          ? api.POST('/api/v1/projects/{project}/stop-the-line', request)
          : api.POST('/api/v1/projects/{project}/resume-the-line', request),
      );
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['projects'] }),
        client.invalidateQueries({ queryKey: ['releases', project] }),
        refreshFlags(client, project),
      ]),
  });
}
