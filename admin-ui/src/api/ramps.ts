import { mutationOptions, type QueryClient } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { refreshFlags } from './flag-cache.ts';
import { environmentChangeKey } from './toggle.ts';

export interface ResumeRequest {
  readonly flag: string;
  readonly environment: string;
  readonly reason: string;
}

/** Stops the ramps of a flag where they are, in one environment. */
export function holdRamps(project: string, { flag, environment, reason }: ResumeRequest) {
  return unwrap(
    api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/ramps/hold', {
      params: { path: { project, flag, environment } },
      body: { reason },
    }),
  );
}

/** Lets the ramps of a flag go on in one environment, whatever holds them. */
export function resumeRampsMutation(client: QueryClient, project: string) {
  return mutationOptions({
    mutationKey: environmentChangeKey,
    mutationFn: ({ flag, environment, reason }: ResumeRequest) =>
      unwrap(
        api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/ramps/resume', {
          params: { path: { project, flag, environment } },
          body: { reason },
        }),
      ),
    onSettled: () => refreshFlags(client, project),
  });
}
