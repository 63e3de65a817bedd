import { applyKill, type CompiledRuleset, type RulesetOptions, type SnapshotMessage } from '@bunting/core';
import { type Advance, advance } from '../advance.ts';

/**
 * What to answer by before the server says anything, when one more source is at hand: the newer of the two. Within one
 * incarnation the number says which, else the time of the commit. Kills stand outside of the revisions: those of the
 * earlier one hold all the same.
 */
export function succeed(
  current: CompiledRuleset | undefined,
  snapshot: SnapshotMessage,
  options: RulesetOptions,
): Advance {
  if (current === undefined) return advance(current, snapshot, options);
  const { revision, committedAtMs } = snapshot;
  const isSame = revision.incarnation === current.revision.incarnation;
  const isNewer = isSame ? revision.number > current.revision.number : committedAtMs > current.committedAtMs;
  if (isNewer) return advance(current, snapshot, options);
  const ruleset = isSame ? snapshot.kills.reduce(applyKill, current) : current;
  return { ok: true, ruleset, keys: [] };
}
