import { mutationOptions, type QueryClient } from '@tanstack/react-query';
import { cachedFlag, refreshFlags, updateCachedFlag } from './flag-cache.ts';
import { patchEnvironment } from './flags.ts';
import type { Flag } from './types.ts';

export interface Toggle {
  readonly flag: string;
  readonly environment: string;
  readonly enabled: boolean;
  /** Why, for the audit trail; empty: nothing was said. */
  readonly comment: string;
}

/** Every change of flags runs under a key that begins so, so that live refreshes can wait for it. */
export const flagChangeKey = ['change-flag'] as const;

/** Those of one environment, whose variables name `flag` and `environment`. */
export const environmentChangeKey = [...flagChangeKey, 'environment'] as const;

/**
 * Turns a flag on or off in one environment. The switch moves at once; when the server refuses it moves back, alone
 * (whatever else changed meanwhile stays), and the flag is read anew. Changes run one after the other, so that each is
 * made against the version that the one before it led to.
 */
export function toggleMutation(client: QueryClient, project: string) {
  return mutationOptions({
    mutationKey: toggleKey(project),
    scope: { id: `flags of ${project}` },
    mutationFn: ({ flag, environment, enabled, comment }: Toggle) => {
      const version = cachedFlag(client, project, flag)?.environments[environment]?.version;
      if (version === undefined) throw new Error(`no flag ${flag} is on the page for ${environment}`);
      return patchEnvironment(project, flag, environment, version, { enabled }, comment);
    },
    onMutate: async ({ flag, environment, enabled }: Toggle) => {
      await client.cancelQueries({ queryKey: ['flags', project] });
      const before = cachedFlag(client, project, flag)?.environments[environment]?.enabled;
      updateCachedFlag(client, project, flag, (shown) => withEnabled(shown, environment, enabled));
      return { before };
    },
    onSuccess: ({ flag }, toggle) =>
      updateCachedFlag(client, project, flag.key, () => withWaiting(client, project, flag, toggle)),
    onError: (_error, toggle, context) => {
      const before = context?.before;
      if (before === undefined) return;
      updateCachedFlag(client, project, toggle.flag, (shown) =>
        withWaiting(client, project, withEnabled(shown, toggle.environment, before), toggle),
      );
    },
    onSettled: () => {
      // The last of several reads them anew: before that the answer would move back the switches that wait.
      if (client.isMutating({ mutationKey: flagChangeKey }) > 1) return;
      // Not waited for: whoever toggled is told at once, also when the server has just gone.
      void refreshFlags(client, project);
    },
  });
}

function toggleKey(project: string) {
  return [...environmentChangeKey, 'toggle', project] as const;
}

/** The flag with its switches where toggles that wait for their turn moved them. @param ended the toggle that waits no more */
function withWaiting(client: QueryClient, project: string, flag: Flag, ended: Toggle): Flag {
  return client
    .getMutationCache()
    .findAll({ mutationKey: toggleKey(project), status: 'pending' })
    .map(({ state }) => state.variables as Toggle)
    .filter((toggle) => toggle !== ended && toggle.flag === flag.key)
    .reduce((shown, { environment, enabled }) => withEnabled(shown, environment, enabled), flag);
}

function withEnabled(flag: Flag, environment: string, enabled: boolean): Flag {
  const state = flag.environments[environment];
  return state ? { ...flag, environments: { ...flag.environments, [environment]: { ...state, enabled } } } : flag;
}
