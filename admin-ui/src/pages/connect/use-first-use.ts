import { useQuery } from '@tanstack/react-query';
import { keysQuery } from '../../api/keys.ts';

/** A key's first use is written down at once; how often that is looked for. */
const lookMs = 1_000;

/** Whether a key that was made a moment ago has been used. Looks until it has. @param id of the key; undefined: none was made */
export function useFirstUse(project: string, environment: string, id: string | undefined): boolean {
  const { data } = useQuery({
    ...keysQuery(project, environment),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (isUsed(state.data, id) ? false : lookMs),
  });
  return isUsed(data, id);
}

function isUsed(keys: readonly { id: string; lastUsedAt: string | null }[] | undefined, id: string | undefined) {
  return keys?.some((key) => key.id === id && key.lastUsedAt !== null) ?? false;
}
