import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Cable, GitCompareArrows } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { flagQuery } from '../../api/flags.ts';
import { projectQuery } from '../../api/projects.ts';
import { useToggle } from '../../flags/use-toggle.tsx';
import { connectPath, flagPath, flagsPath, patterns } from '../../paths.ts';
import { PresenceNote } from '../../presence/presence-note.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { buttonShape } from '../../ui/button.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { ArchiveButton } from './archive-button.tsx';
import { AuditTrail } from './audit-trail.tsx';
import { Discussion } from './discussion.tsx';
import { EnvironmentCard } from './environment-card.tsx';
import { FlagFacts } from './flag-facts.tsx';

/** It draws charts: the switches do not wait for it. */
const WatchPanels = lazy(async () => ({ default: (await import('./watch-panels.tsx')).WatchPanels }));

/** Read when something is first compared: it evaluates flags. */
const PromoteDialog = lazy(async () => ({ default: (await import('./promote-dialog.tsx')).PromoteDialog }));

/** One flag: each environment side by side, what it consists of, who changed it. */
export function FlagPage() {
  const params = getRouteApi(patterns.flag).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(params.project));
  const { data: flag } = useSuspenseQuery(flagQuery(params.project, params.flag));
  const toggling = useToggle(project.key);
  const search = getRouteApi(patterns.flag).useSearch();
  const navigate = useNavigate();
  const [first, second] = project.environments;
  const from = project.environments.find(({ key }) => key === search.from);
  const to = project.environments.find(({ key }) => key === search.to);
  return (
    <Page title={flag.key}>
      <div className="flex flex-col gap-1">
        <Breadcrumb here={flag.key}>
          <Link {...flagsPath(project.key)}>
            <Trans>Flags</Trans>
          </Link>
        </Breadcrumb>
        <PageHeader
          title={
            <span className="flex items-center gap-1.5">
              <span className="break-all font-mono">{flag.key}</span>
              <CopyButton compact look="quiet" text={flag.key} label={t`Copy flag key`} />
            </span>
          }
          actions={
            <>
              {first && second && flag.archivedAt === null && (
                <Link
                  {...flagPath(project.key, flag.key, { from: first.key, to: second.key })}
                  className={`${buttonShape} border border-edge bg-raised text-ink shadow-control hover:bg-hover`}
                >
                  <Trans>
                    <GitCompareArrows aria-hidden />
                    Compare
                  </Trans>
                </Link>
              )}
              {flag.archivedAt === null && (
                <Link
                  {...connectPath(project.key, { flag: flag.key })}
                  className={`${buttonShape} border border-edge bg-raised text-ink shadow-control hover:bg-hover`}
                >
                  <Trans>
                    <Cable aria-hidden />
                    Connect
                  </Trans>
                </Link>
              )}
              <ArchiveButton project={project} flag={flag} />
            </>
          }
        >
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            {flag.name !== flag.key && <span className="min-w-0 break-words font-medium">{flag.name}</span>}
            <Badge>{wordOf(flag.type)}</Badge>
            <Badge look="muted">{wordOf(flag.kind)}</Badge>
            {flag.archivedAt !== null && (
              <Badge look="danger">
                <Trans>archived</Trans>
              </Badge>
            )}
            {flag.clientVisible && (
              <Badge look="muted">
                <Trans>visible to browsers</Trans>
              </Badge>
            )}
            {flag.tags.map((tag) => (
              <Badge key={tag} look="muted">
                {tag}
              </Badge>
            ))}
          </div>
          {flag.description && (
            <p className="mt-1.5 max-w-180 whitespace-pre-wrap break-words text-ink-2">{flag.description}</p>
          )}
        </PageHeader>
      </div>
      <PresenceNote project={project.key} at={{ kind: 'flag', key: flag.key }} editing={false} />
      {flag.archivedAt !== null && <ArchivedNote at={flag.archivedAt} />}
      <div className="grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr))]">
        {project.environments.map((environment) => (
          <EnvironmentCard
            key={environment.key}
            project={project.key}
            flag={flag}
            environment={environment}
            toggling={toggling}
            isRearming={search.rearm === environment.key}
            onRearmed={() => void navigate({ ...flagPath(project.key, flag.key), replace: true, resetScroll: false })}
          />
        ))}
      </div>
      {flag.archivedAt === null && (
        <Suspense fallback={<Skeleton className="h-40 w-full" />}>
          <WatchPanels project={project} flag={flag} />
        </Suspense>
      )}
      <FlagFacts project={project} flag={flag} />
      <Discussion project={project} flag={flag} />
      <AuditTrail project={project} flag={flag} />
      {toggling.question}
      {from && to && from !== to && (
        <Suspense>
          <PromoteDialog
            project={project}
            flag={flag}
            from={from}
            to={to}
            onChoose={(a, b) =>
              void navigate({ ...flagPath(project.key, flag.key, { from: a, to: b }), replace: true })
            }
            onClose={() => void navigate(flagPath(project.key, flag.key))}
          />
        </Suspense>
      )}
    </Page>
  );
}

function ArchivedNote({ at }: { at: string }) {
  return (
    <p className="rounded-sm border border-danger-line bg-danger-soft px-3 py-2 text-ink-2">
      <Trans>
        <strong className="font-medium text-danger-ink">Archived</strong> <RelativeTime at={at} />. No environment
        serves it: code that still asks gets the default that it passed. Restored, it is as it is shown here.
      </Trans>
    </p>
  );
}
