import type { Flag } from '../../api/types.ts';

/** Whether a split chooses between variants, in an environment. */
export function hasSplit({ environments }: Pick<Flag, 'environments'>, environment: string): boolean {
  const state = environments[environment];
  if (!state) return false;
  return [...state.rules.map(({ serve }) => serve), state.defaultRule].some((serve) => 'split' in serve);
}
