import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import type { AuditEvent, Environment, Flag } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { SetBackButton } from '../../history/set-back-button.tsx';
import { say } from '../../locales/say.ts';
import { auditEventPath } from '../../paths.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { verbOf } from '../audit/event-words.ts';
import { type Difference, describeChange } from './describe-change.ts';

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
  const differences =
    event.action === 'flag.environment.updated' || event.action === 'flag.updated'
      ? describeChange(event.before, event.after, flag)
      : [];
  const made = event.revisions?.find((one) => one.environment === environment?.key);
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="flex min-w-0 flex-1 basis-80 flex-col gap-1">
        <p className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5">
          <Link {...auditEventPath(project, event.id)} className="rounded-xs leading-6 hover:underline">
            <span className="font-medium">{event.actor.name}</span>{' '}
            <span className="text-ink-2">{say(acts[event.action] ?? verbOf(event.action))}</span>
          </Link>
          {environment && <EnvironmentName environment={environment} />}
        </p>
        <Reason of={event.after} />
        {differences.map((difference) => (
          <Change key={difference.place} {...difference} />
        ))}
      </div>
      {environment && made && event.action === 'flag.environment.updated' && flag.archivedAt === null && (
        <SetBackButton {...{ project, flag: flag.key, environment }} revision={made.number} />
      )}
      <p className="text-ink-3 text-xs">
        <RelativeTime at={event.at} />
      </p>
    </li>
  );
}

/** Why, where the person was asked. */
function Reason({ of }: { of: unknown }) {
  if (typeof of !== 'object' || of === null || !('reason' in of) || typeof of.reason !== 'string') return null;
  return <p className="min-w-0 break-words text-ink-2 text-xs">{of.reason}</p>;
}

function Change({ place, before, after }: Difference) {
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-ink-2 text-xs">
      <span className="text-ink-3">{place}</span>
      {before !== undefined && <code className="min-w-0 break-words font-mono">{before}</code>}
      {before !== undefined && after !== undefined && (
        <ArrowRight className="size-3 text-ink-3" aria-label={t`became`} />
      )}
      {after === undefined ? (
        <span>{before === undefined ? '' : t`removed`}</span>
      ) : (
        <code className="min-w-0 break-words font-medium font-mono text-ink">{after}</code>
      )}
    </p>
  );
}
