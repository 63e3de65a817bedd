import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { Link } from '@tanstack/react-router';
import type { AuditEvent, Environment, Flag } from '../../api/types.ts';
import { DifferenceLine } from '../../differences/difference-list.tsx';
import { differencesOf } from '../../differences/differences-of.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { SetBackButton } from '../../history/set-back-button.tsx';
import { say } from '../../locales/say.ts';
import { auditEventPath } from '../../paths.ts';
import { formatSentence } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { reasonOf, verbOf } from '../audit/event-words.ts';

interface AuditEntryProps {
  project: string;
  event: AuditEvent;
  flag: Flag;
  /** Undefined when the change was of the flag itself. */
  environment: Environment | undefined;
}

/** What was done to the flag, in words that its environment may follow. */
export const acts: Readonly<Record<string, MessageDescriptor>> = {
  'flag.created': msg`created the flag`,
  'flag.updated': msg`changed the flag`,
  'flag.environment.updated': msg`changed`,
  'flag.killed': msg`killed the flag in`,
  'flag.rearmed': msg`re-armed the flag in`,
  'ramp.held': msg`held the ramps in`,
  'ramp.resumed': msg`resumed the ramps in`,
  'flag.archived': msg`archived the flag`,
  'flag.restored': msg`restored the flag`,
  'flag.commented': msg`commented`,
  'flag.comment.edited': msg`edited a comment`,
  'flag.comment.deleted': msg`deleted a comment`,
};

export function AuditEntry({ project, event, flag, environment }: AuditEntryProps) {
  const { action, before, after } = event;
  const isEdit = action === 'flag.environment.updated' || action === 'flag.updated';
  const reason = reasonOf(event);
  const made = event.revisions?.find((one) => one.environment === environment?.key);
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="flex min-w-0 flex-1 basis-80 flex-col gap-1">
        <p className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5">
          <Link {...auditEventPath(project, event.id)} className="rounded-xs leading-6 hover:underline">
            <span className="font-medium">{event.actor.name}</span>{' '}
            <span className="text-ink-2">{say(acts[action] ?? verbOf(action))}</span>
          </Link>
          {environment && <EnvironmentName environment={environment} />}
        </p>
        {reason !== undefined && <p className="min-w-0 break-words text-ink-2 text-xs">“{formatSentence(reason)}”</p>}
        {isEdit && <DifferenceLine differences={differencesOf(before, after)} shown={4} />}
      </div>
      {environment && made && action === 'flag.environment.updated' && flag.archivedAt === null && (
        <SetBackButton {...{ project, flag: flag.key, environment }} revision={made.number} />
      )}
      <p className="text-ink-3 text-xs">
        <RelativeTime at={event.at} />
      </p>
    </li>
  );
}
