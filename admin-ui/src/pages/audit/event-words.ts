import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { AuditEvent } from '../../api/types.ts';
import { isRecord } from '../../differences/differences-of.ts';

/** Where the last part of an action's name does not read as what someone did. */
const words: Readonly<Record<string, MessageDescriptor>> = {
  'flag.environment.updated': msg`changed`,
  'flag.rearmed': msg`re-armed`,
  'flag.kill.confirmed': msg`saw the kill confirmed of`,
  'flag.kill.unconfirmed': msg`missed receipts for the kill of`,
  'flag.commented': msg`commented on`,
  'flag.comment.edited': msg`edited a comment on`,
  'flag.comment.deleted': msg`deleted a comment on`,
  'line.stopped': msg`stopped the line of`,
  'line.resumed': msg`resumed the line of`,
  'ramp.held': msg`held the ramps of`,
  'ramp.resumed': msg`resumed the ramps of`,
  'environment.glass-broken': msg`broke the glass of`,
  'segment.keys.changed': msg`changed keys of`,
  'segment.keys.replaced': msg`replaced keys of`,
  'segment.keys.cleared': msg`removed all keys of`,
  'user.second-factor-added': msg`turned on the second factor of`,
  'user.second-factor-removed': msg`removed the second factor of`,
  'user.password-set': msg`set the password of`,
  'user.link-made': msg`made a one-time link for`,
  'user.signed-out': msg`signed out`,
  'user.recovery-code-used': msg`used a recovery code of`,
  'user.recovery-codes-renewed': msg`renewed the recovery codes of`,
  'webhook.secret-rotated': msg`made a new secret for`,
  'signal-source.secret-rotated': msg`made a new secret for`,
  'intervention.acted': msg`acted on`,
  'intervention.would_have': msg`would have acted on`,
  'intervention.already': msg`found nothing left to do at`,
  'intervention.cooling_down': msg`was held back at`,
  'intervention.rate_limited': msg`acted too often to act on`,
  'intervention.not_allowed': msg`may not act on`,
  'intervention.failed': msg`could not act on`,
  'intervention.lifted': msg`took back what it did to`,
  'safeguard.failed': msg`found harm as`,
  'release.preflight': msg`started`,
  'release.progressing': msg`began the stages of`,
  'release.stepped': msg`moved`,
  'change-request.commented': msg`commented on`,
};

/** What was done, to go before its target: `killed`, `changed keys of`. */
export function verbOf(action: string): string {
  const known = words[action];
  if (known !== undefined) return t(known);
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
