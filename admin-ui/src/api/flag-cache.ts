import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { flagListsKey, flagQuery } from './flags.ts';
import type { Flag, FlagPage } from './types.ts';

/** The flag as any page shows it at present, from the cache alone. */
export function cachedFlag(client: QueryClient, project: string, key: string): Flag | undefined {
  const one = client.getQueryData(flagQuery(project, key).queryKey);
  if (one) return one;
  for (const [, list] of client.getQueriesData<InfiniteData<FlagPage>>({ queryKey: flagListsKey(project) })) {
    const found = list?.pages.flatMap((page) => page.items).find((flag) => flag.key === key);
    if (found) return found;
  }
  return undefined;
}

/** Changes one flag wherever it is cached: on its own page and in every list. */
export function updateCachedFlag(
  client: QueryClient,
  project: string,
  key: string,
  change: (flag: Flag) => Flag,
): void {
  client.setQueryData(flagQuery(project, key).queryKey, (flag) => flag && change(flag));
  client.setQueriesData<InfiniteData<FlagPage>>({ queryKey: flagListsKey(project) }, (list) => {
    if (!list) return list;
    const pages = list.pages.map((page) => ({
      ...page,
      items: page.items.map((flag) => (flag.key === key ? change(flag) : flag)),
    }));
    return { ...list, pages };
  });
}

/** Asks the server anew for everything that shows the project's flags. */
export function refreshFlags(client: QueryClient, project: string): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: ['flags', project] }),
    client.invalidateQueries({ queryKey: ['audit', project] }),
  ]);
}
