import { t } from '@lingui/core/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { flagAuditQuery } from '../../api/audit.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import type { Flag, Project } from '../../api/types.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AuditEntry } from './audit-entry.tsx';

/** Who changed the flag, what, and when: newest first; nothing for who may not read it. */
export function AuditTrail({ project, flag }: { project: Project; flag: Flag }) {
  const mayRead = useMayForCertain(project.key)('audit:read');
  const trail = useInfiniteQuery({
    ...flagAuditQuery(project.key, flag.key),
    enabled: mayRead,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  if (!mayRead) return null;
  return (
    <Panel title={t`Audit trail`}>
      <Loaded from={trail} what={t`the audit trail`}>
        {(events) => (
          <ol>
            {events.map((event) => (
              <AuditEntry
                key={event.id}
                project={project.key}
                event={event}
                flag={flag}
                environment={project.environments.find(({ key }) => key === event.environment)}
              />
            ))}
          </ol>
        )}
      </Loaded>
      <More from={trail} label={t`Show older`} />
    </Panel>
  );
}
