import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Download, Printer, ShieldCheck, Signature } from 'lucide-react';
import { useState } from 'react';
import { auditQuery } from '../../api/audit.ts';
import { projectQuery } from '../../api/projects.ts';
import { auditCheckpointsPath, auditPath, patterns } from '../../paths.ts';
import type { AuditSearch } from '../../searches.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { everything, filterOf } from './audit-filter.ts';
import { AuditFilters } from './audit-filters.tsx';
import { EventRow } from './event-row.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { PrintHead } from './print-head.tsx';
import { usePrint } from './use-print.ts';
import { VerifyDialog } from './verify-dialog.tsx';

/** Who changed what, when and why. Its state is its address. */
export function AuditPage() {
  const route = getRouteApi(patterns.audit);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const [open, setOpen] = useState<'verify' | 'export'>();
  const filter = filterOf(key, search);
  const events = useInfiniteQuery({
    ...auditQuery(filter),
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const change = (part: AuditSearch) => void navigate({ ...auditPath(key, { ...search, ...part }), replace: true });
  const { print, printing, isBusy } = usePrint(events);
  const nameOf = (actor: string) => events.data?.find((event) => event.actor.id === actor)?.actor.name ?? actor;
  return (
    <Page title={t`Audit log of ${project.name}`}>
      <PageHeader
        title={t`Audit log`}
        actions={
          <span className="flex flex-wrap gap-2 print:hidden">
            <Button onClick={() => setOpen('verify')}>
              <Trans>
                <ShieldCheck aria-hidden />
                Verify
              </Trans>
            </Button>
            <Button onClick={() => setOpen('export')}>
              <Trans>
                <Download aria-hidden />
                Export
              </Trans>
            </Button>
            <Link
              {...auditCheckpointsPath(key)}
              className={`${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`}
            >
              <Signature aria-hidden />
              <Trans>Checkpoints</Trans>
            </Link>
            <Button busy={isBusy} onClick={() => void print()}>
              <Trans>
                <Printer aria-hidden />
                Print
              </Trans>
            </Button>
          </span>
        }
      />
      <AuditFilters project={project} search={search} onChange={change} nameOf={nameOf} />
      <PrintHead
        project={project}
        search={search}
        nameOf={nameOf}
        events={events.data ?? []}
        hasMore={events.hasNextPage}
        printing={printing}
      />
      <section
        aria-label={t`Events`}
        aria-busy={events.isFetching}
        className={`rounded-md border border-line bg-surface transition-opacity print:border-0 ${events.isPlaceholderData ? 'opacity-60' : ''}`}
      >
        <Loaded from={events} what={t`the audit events`}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                title={t`No event is like this`}
                text={t`Whatever anyone or anything changes leaves an event here, for good. Nothing that was written matches what you are looking for.`}
              >
                <Button onClick={() => change({ ...everything, search: undefined })}>
                  <Trans>Show all events</Trans>
                </Button>
              </EmptyState>
            ) : (
              <ol aria-label={t`Audit events`}>
                {items.map((event) => (
                  <EventRow key={event.id} project={key} event={event} environments={project.environments} />
                ))}
              </ol>
            )
          }
        </Loaded>
        <More from={events} label={t`Show older events`} />
      </section>
      {open === 'verify' && <VerifyDialog onClose={() => setOpen(undefined)} />}
      {open === 'export' && <ExportDialog filter={filter} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}
