import type { AuditEvent } from '../../api/types.ts';
import { isRecord } from '../../differences/differences-of.ts';

/** Where the last part of an action's name does not read as what someone did. */
const words: Readonly<Record<string, string>> = {
  'flag.environment.updated': 'changed',
  'flag.rearmed': 're-armed',
  'flag.kill.confirmed': 'saw the kill confirmed of',
  'flag.kill.unconfirmed': 'missed receipts for the kill of',
  'flag.commented': 'commented on',
  'flag.comment.edited': 'edited a comment on',
  'flag.comment.deleted': 'deleted a comment on',
  'line.stopped': 'stopped the line of',
  'line.resumed': 'resumed the line of',
  'ramp.held': 'held the ramps of',
  'ramp.resumed': 'resumed the ramps of',
  'environment.glass-broken': 'broke the glass of',
  'segment.keys.changed': 'changed keys of',
  'segment.keys.replaced': 'replaced keys of',
  'segment.keys.cleared': 'removed all keys of',
  'user.second-factor-added': 'turned on the second factor of',
  'user.second-factor-removed': 'removed the second factor of',
  'user.password-set': 'set the password of',
  'user.link-made': 'made a one-time link for',
  'user.signed-out': 'signed out',
  'user.recovery-code-used': 'used a recovery code of',
  'user.recovery-codes-renewed': 'renewed the recovery codes of',
  'webhook.secret-rotated': 'made a new secret for',
  'signal-source.secret-rotated': 'made a new secret for',
  'intervention.acted': 'acted on',
  'intervention.would_have': 'would have acted on',
  'intervention.already': 'found nothing left to do at',
  'intervention.cooling_down': 'was held back at',
  'intervention.rate_limited': 'acted too often to act on',
  'intervention.not_allowed': 'may not act on',
  'intervention.failed': 'could not act on',
  'intervention.lifted': 'took back what it did to',
  'safeguard.failed': 'found harm as',
  'release.preflight': 'started',
  'release.progressing': 'began the stages of',
  'release.stepped': 'moved',
  'change-request.commented': 'commented on',
};

/** What was done, to go before its target: `killed`, `changed keys of`. */
export function verbOf(action: string): string {
  const known = words[action];
  if (known !== undefined) return known;
  const said = action.slice(action.indexOf('.') + 1).replaceAll(/[.-]/g, ' ');
  return said === 'updated' ? 'changed' : said;
}

/** `change request` */
export function kindWords(kind: string): string {
  return kind.replaceAll('-', ' ');
}

/** What people call the target: where its key is an id, the name or address that the event knows. */
export function targetName({ actor, target, before, after }: AuditEvent): string {
  if (!/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(target.key)) return target.key;
  // A safeguard tells of itself.
  if (actor?.id === target.key) return actor.name;
  for (const state of [after, before]) {
    if (!isRecord(state)) continue;
    for (const name of [state.name, state.title, state.email]) if (typeof name === 'string') return name;
  }
  return target.key;
}

/** Why it was done, by the event itself or by what it says of a kill. */
export function reasonOf({ comment, after }: AuditEvent): string | undefined {
  if (comment !== undefined) return comment;
  if (!isRecord(after)) return undefined;
  return typeof after.reason === 'string' && after.reason !== '' ? after.reason : undefined;
}

/** Whether the server knows how to undo what an event did. */
export function canBeUndone(action: string): boolean {
  return (
    action.startsWith('segment.') ||
    /^flag\.(created|updated|renamed|archived|restored|environment\.updated)$/.test(action)
  );
}
