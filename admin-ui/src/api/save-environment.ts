import { mutationOptions, type QueryClient } from '@tanstack/react-query';
import { cachedFlag, refreshFlags, updateCachedFlag } from './flag-cache.ts';
import { patchEnvironment } from './flags.ts';
import { environmentChangeKey } from './toggle.ts';
import type { PatchEnvironmentBody } from './types.ts';

export interface EnvironmentChange {
  readonly flag: string;
  readonly environment: string;
  readonly body: PatchEnvironmentBody;
}

/** Saves what someone edited of one environment. It is shown once the server has it, not before. */
export function saveEnvironmentMutation(client: QueryClient, project: string) {
  return mutationOptions({
    mutationKey: environmentChangeKey,
    scope: { id: `flags of ${project}` },
    mutationFn: ({ flag, environment, body }: EnvironmentChange) => {
      const version = cachedFlag(client, project, flag)?.environments[environment]?.version;
      if (version === undefined) throw new Error(`no flag ${flag} is on the page for ${environment}`);
      return patchEnvironment(project, flag, environment, version, body);
    },
    onSuccess: ({ flag }) => updateCachedFlag(client, project, flag.key, () => flag),
    onSettled: () => {
      void refreshFlags(client, project);
    },
  });
}
