import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Copy, Pencil } from 'lucide-react';
import { asApiError } from '../../api/api-error.ts';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { gateRunsQuery, releaseQuery } from '../../api/releases.ts';
import type { Release } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { newReleasePath, patterns, releasesPath } from '../../paths.ts';
import { PresenceNote } from '../../presence/presence-note.tsx';
import { isMoving } from '../../releases/phase.ts';
import { PhaseBadge } from '../../releases/phase-badge.tsx';
import { StageTrack } from '../../releases/stage-track.tsx';
import { describeMoved, strategyNames } from '../../releases/strategy.ts';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { buttonShape } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { DecisionLog } from './decision-log.tsx';
import { ReleaseActs } from './release-acts.tsx';
import { ReleaseBlame } from './release-blame.tsx';
import { ReleaseFlags } from './release-flags.tsx';
import { ReleaseGates } from './release-gates.tsx';
import { ReleaseHistory } from './release-history.tsx';
import { ReleaseLint } from './release-lint.tsx';
import { ReleaseMigration } from './release-migration.tsx';
import { ReleaseNow } from './release-now.tsx';
import { ReleaseTraffic } from './release-traffic.tsx';

const linkShape = `${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`;
const movingMs = 1_000;
const stillMs = 5_000;

/** A release as it happens: where it is, why it does not go on, what was decided, and the means to steer it. */
export function ReleasePage() {
  const params = getRouteApi(patterns.release).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(params.project));
  const {
    data: release,
    error,
    dataUpdatedAt,
  } = useQuery({
    ...releaseQuery(project.key, params.release),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? movingMs : stillMs),
  });
  const hasGates = release !== undefined && countGates(release) > 0;
  const gates = useQuery({
    ...gateRunsQuery(project.key, params.release),
    enabled: hasGates,
    refetchInterval: release && isMoving(release) ? movingMs : stillMs,
  });
  const may = useMay(project.key, release?.environment);
  if (!release) return null;
  const hasBegun = release.phase !== 'draft' && release.phase !== 'scheduled';
  const mayLint = hasGates && !hasBegun && may('release:write');
  const environment = project.environments.find(({ key }) => key === release.environment);
  return (
    <Page title={release.title} environment={environment}>
      <div className="flex flex-col gap-1">
        <Breadcrumb here={release.title}>
          <Link {...releasesPath(project.key)}>
            <Trans>Releases</Trans>
          </Link>
        </Breadcrumb>
        <PageHeader
          title={release.title}
          actions={
            may('release:write') && (
              <div className="flex flex-wrap gap-2">
                {release.phase === 'draft' && (
                  <Link {...newReleasePath(project.key, { edit: release.id })} className={linkShape}>
                    <Trans>
                      <Pencil aria-hidden />
                      Edit
                    </Trans>
                  </Link>
                )}
                <Link {...newReleasePath(project.key, { from: release.id })} className={linkShape}>
                  <Trans>
                    <Copy aria-hidden />
                    Duplicate
                  </Trans>
                </Link>
              </div>
            )
          }
        >
          <div className="flex flex-wrap items-center gap-2">
            {environment && <EnvironmentName environment={environment} />}
            <PhaseBadge release={release} />
            <Badge>{t(strategyNames[release.strategy])}</Badge>
            {release.attempt > 1 && <Badge look="muted">{t`attempt ${release.attempt}`}</Badge>}
            <span className="text-ink-3 text-xs">
              <Trans>
                made by {release.createdBy.name} <RelativeTime at={release.createdAt} />
              </Trans>
            </span>
            <span className="min-w-0 truncate font-mono text-ink-3 text-xs">{describeMoved(release)}</span>
          </div>
        </PageHeader>
      </div>
      <PresenceNote project={project.key} at={{ kind: 'release', key: release.id }} editing={false} />
      {(error ?? gates.error) && (
        <Notice title={t`What is shown is not the newest`}>{asApiError(error ?? gates.error).message}</Notice>
      )}
      <section aria-label={t`Progress`} className="flex flex-col gap-4 rounded-md border border-line bg-surface p-4">
        {environment && <ReleaseActs project={project.key} release={release} environment={environment} />}
        <ReleaseNow project={project.key} release={release} />
        <StageTrack release={release} runs={gates.data} nowMs={dataUpdatedAt} />
      </section>
      {release.traffic && release.flags.length > 0 && release.set !== null && (
        <ReleaseBlame project={project.key} release={release} traffic={release.traffic} />
      )}
      {release.set !== null && (release.flags.length > 0 || release.traffic) && (
        <ReleaseHistory project={project.key} release={release} nowMs={dataUpdatedAt} />
      )}
      {release.traffic && <ReleaseTraffic project={project.key} release={release} traffic={release.traffic} />}
      {release.flags.length > 0 && <ReleaseFlags project={project.key} release={release} />}
      {release.migration && <ReleaseMigration project={project.key} release={release} plan={release.migration.plan} />}
      {mayLint && <ReleaseLint project={project.key} release={release} />}
      {hasGates && <ReleaseGates project={project.key} release={release} runs={gates.data} />}
      <DecisionLog project={project.key} release={release} />
    </Page>
  );
}

function countGates({ watch = [], stages }: Release): number {
  return watch.length + stages.reduce((sum, { gates = [] }) => sum + gates.length, 0);
}
