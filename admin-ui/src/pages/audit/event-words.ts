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

const usualVerbs: Readonly<Record<string, MessageDescriptor>> = {
  created: msg`created`,
  updated: msg`changed`,
  renamed: msg`renamed`,
  deleted: msg`deleted`,
  removed: msg`removed`,
  archived: msg`archived`,
  restored: msg`restored`,
  killed: msg`killed`,
  rotated: msg`rotated`,
  revoked: msg`revoked`,
  disabled: msg`disabled`,
  enabled: msg`enabled`,
  opened: msg`opened`,
  approved: msg`approved`,
  rejected: msg`rejected`,
  applied: msg`applied`,
  cancelled: msg`cancelled`,
  rebased: msg`rebased`,
  paused: msg`paused`,
  resumed: msg`resumed`,
  stopped: msg`stopped`,
  reset: msg`reset`,
  erased: msg`erased`,
  tested: msg`tested`,
  failed: msg`failed`,
  redelivered: msg`delivered anew`,
};

const kinds: Readonly<Record<string, MessageDescriptor>> = {
  flag: msg`flag`,
  'flag-view': msg`view`,
  segment: msg`segment`,
  environment: msg`environment`,
  project: msg`project`,
  key: msg`key`,
  'change-request': msg`change request`,
  schedule: msg`schedule`,
  freeze: msg`freeze`,
  release: msg`release`,
  'release-template': msg`template`,
  'traffic-target': msg`traffic target`,
  'migration-plan': msg`migration plan`,
  safeguard: msg`safeguard`,
  binding: msg`binding`,
  'data-source': msg`data source`,
  'signal-source': msg`source`,
  webhook: msg`webhook`,
  user: msg`person`,
  group: msg`group`,
  'service-account': msg`program`,
  grant: msg`grant`,
  role: msg`role`,
  token: msg`token`,
  'identity-provider': msg`provider`,
};

/** What was done, to go before its target: `killed`, `changed keys of`. */
export function verbOf(action: string): string {
  const known = words[action];
  if (known !== undefined) return t(known);
  const said = action.slice(action.indexOf('.') + 1);
  const usual = usualVerbs[said];
  return usual === undefined ? said.replaceAll(/[.-]/g, ' ') : t(usual);
}

/** `change request`; newer servers may have further kinds. */
export function kindWords(kind: string): string {
  const known = kinds[kind];
  return known === undefined ? kind.replaceAll('-', ' ') : t(known);
}

/** Who did what to which thing, in one line. */
export function deedWords(who: string, action: string, kind: string, name: string): string {
  return t`${who} ${verbOf(action)} ${kindWords(kind)} ${name}`;
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
