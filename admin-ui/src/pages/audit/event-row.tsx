import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { AuditEvent, Environment } from '../../api/types.ts';
import { DifferenceLine } from '../../differences/difference-list.tsx';
import { differencesOf } from '../../differences/differences-of.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { auditEventPath } from '../../paths.ts';
import { formatSentence } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { kindWords, reasonOf, targetName, verbOf } from './event-words.ts';

interface EventRowProps {
  project: string;
  event: AuditEvent;
  environments: readonly Environment[];
}

/** Who did what to what, when and why; all of it leads to the event. */
export function EventRow({ project, event, environments }: EventRowProps) {
  const { id, at, actor, action, target, before, after } = event;
  const environment = environments.find(({ key }) => key === event.environment && project === event.project);
  const reason = reasonOf(event);
  const isCreation = before === null || after === null;
  return (
    <li className="border-line border-b last:border-b-0 print:break-inside-avoid">
      <Link
        {...auditEventPath(project, id)}
        className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
      >
        <span className="flex min-w-0 flex-1 basis-80 flex-col gap-0.5">
          <span className="flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-0.5">
            <span className="max-w-full truncate font-medium">{actor.name}</span>
            <span className="text-ink-2">
              {verbOf(action)} {kindWords(target.kind)}
            </span>
            <span className="min-w-0 max-w-full truncate font-mono text-xs">{targetName(event)}</span>
            {environment && <EnvironmentName environment={environment} />}
            {!environment && event.environment && (
              <span className="text-ink-2">
                <Trans>in {event.environment}</Trans>
              </span>
            )}
            {event.project !== null && event.project !== project && (
              <span className="text-ink-3">
                <Trans>of project {event.project}</Trans>
              </span>
            )}
          </span>
          {reason !== undefined && (
            <span className="line-clamp-2 break-words text-ink-2 text-xs">“{formatSentence(reason)}”</span>
          )}
          {!isCreation && <DifferenceLine differences={differencesOf(before, after)} />}
          {event.hash !== null && (
            <span className="hidden break-all font-mono text-2xs print:block">
              {event.chain} {event.seq} {event.hash}
            </span>
          )}
        </span>
        <span className="text-ink-3 text-xs print:hidden">
          <RelativeTime at={at} />
        </span>
        <span className="hidden text-ink-2 text-xs print:inline">{at}</span>
      </Link>
    </li>
  );
}
