import type { FlagEnvironment, Serve } from '../../api/types.ts';

/** Who holds a ramp, and why. */
export interface HoldCause {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
}

/** What holds ramps of a flag in an environment, each once, the first first; undefined: none is held. */
export function holdCauses({ rules, defaultRule }: FlagEnvironment): HoldCause[] | undefined {
  const held = [...rules.map(({ serve }) => serve), defaultRule].flatMap(heldIn);
  if (held.length === 0) return undefined;
  const causes = new Map<string, HoldCause>();
  for (const cause of held.flatMap((each) => each.causes ?? [])) if (!causes.has(cause.id)) causes.set(cause.id, cause);
  return [...causes.values()].sort((a, b) => a.atMs - b.atMs);
}

function heldIn(serve: Serve) {
  return 'split' in serve && serve.split.held !== undefined ? [serve.split.held] : [];
}
