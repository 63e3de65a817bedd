import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { AuditEvent, Project } from '../../api/types.ts';
import { say } from '../../locales/say.ts';
import { auditEventPath } from '../../paths.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { acts } from './audit-entry.tsx';

/** Changes that are told before the rest is counted. */
const told = 3;

/** What was changed between two comments; all of it is in the audit trail. */
export function ChangeLine({ project, changes }: { project: Project; changes: readonly AuditEvent[] }) {
  const more = changes.length - told;
  return (
    <li className="border-line border-b bg-sunken px-4 py-1.5 text-ink-3 text-xs last:border-b-0">
      <ul aria-label={t`Changed in between`} className="flex flex-col gap-0.5">
        {changes.slice(0, told).map(({ id, actor, action, environment, at }) => (
          <li key={id} className="flex min-w-0 flex-wrap gap-x-1.5">
            <Link {...auditEventPath(project.key, id)} className="min-w-0 break-words rounded-xs hover:text-ink">
              {actor.name} {say(acts[action] ?? action)} {environment}
            </Link>
            <RelativeTime at={at} />
          </li>
        ))}
        {more > 0 && (
          <li>
            <Trans>and {more} more</Trans>
          </li>
        )}
      </ul>
    </li>
  );
}
