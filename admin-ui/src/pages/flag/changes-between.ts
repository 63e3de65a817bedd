import type { AuditEvent, FlagComment } from '../../api/types.ts';

/**
 * What changed after the earlier of two comments and before the later one, newest first. Nothing is told of a time that
 * the trail, newest first and read as far as it was asked for, does not reach back to.
 * @param isWhole whether the trail was read to its end
 */
export function changesBetween(
  trail: readonly AuditEvent[],
  isWhole: boolean,
  later: Pick<FlagComment, 'createdAt'>,
  earlier: Pick<FlagComment, 'createdAt'>,
): AuditEvent[] {
  const oldest = trail.at(-1);
  if (!isWhole && (oldest === undefined || oldest.at > earlier.createdAt)) return [];
  return trail.filter(({ at, action }) => at > earlier.createdAt && at < later.createdAt && !isTalk(action));
}

/** Comments are in the trail as well, and stand here themselves. */
function isTalk(action: string): boolean {
  return action === 'flag.commented' || action.startsWith('flag.comment.');
}
