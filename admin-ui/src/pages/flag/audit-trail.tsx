import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { asApiError } from '../../api/api-error.ts';
import { flagAuditQuery } from '../../api/audit.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import type { Flag, Project } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { AuditEntry } from './audit-entry.tsx';

/** Who changed the flag, what, and when: newest first; nothing for who may not read it. */
export function AuditTrail({ project, flag }: { project: Project; flag: Flag }) {
  const mayRead = useMayForCertain(project.key)('audit:read');
  const trail = useInfiniteQuery({ ...flagAuditQuery(project.key, flag.key), enabled: mayRead });
  if (!mayRead) return null;
  return (
    <Panel title={t`Audit trail`}>
      {trail.isPending && (
        <div className="flex flex-col gap-3 px-4 py-3">
          <LoadingNote what={t`the audit trail`} />
          <Skeleton className="w-80 max-w-full" />
          <Skeleton className="w-64 max-w-full" />
        </div>
      )}
      {trail.isLoadingError && (
        <div className="p-3">
          <Notice
            title={t`The audit trail cannot be shown`}
            actions={
              <Button onClick={() => void trail.refetch()}>
                <Trans>Try again</Trans>
              </Button>
            }
          >
            {asApiError(trail.error).message}
          </Notice>
        </div>
      )}
      {trail.data && (
        <ol>
          {trail.data.pages
            .flatMap((page) => page.items)
            .map((event) => (
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
      {trail.hasNextPage && (
        <div className="border-line border-t p-2 text-center">
          <Button look="quiet" onClick={() => void trail.fetchNextPage()} busy={trail.isFetchingNextPage}>
            <Trans>Show older</Trans>
          </Button>
        </div>
      )}
    </Panel>
  );
}
