import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useIsMutating, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { safeguardQuery } from '../../api/safeguards.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { flagPath, patterns, safeguardPath, safeguardsPath } from '../../paths.ts';
import { describeChance, describeSafeguard, watchWords } from '../../safeguards/describe-safeguard.ts';
import { deletingKey, SafeguardActs } from '../../safeguards/safeguard-acts.tsx';
import { SafeguardDialog } from '../../safeguards/safeguard-dialog.tsx';
import { standingOfAll } from '../../safeguards/standing.ts';
import { ModeBadge, StandingBadge } from '../../safeguards/standing-badge.tsx';
import { VerdictList } from '../../safeguards/verdict-list.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { WatchedPanel } from './watched-panel.tsx';

const freshMs = 2_000;

/** One safeguard: what it does and when, what it sees as it happens, and what it has found. */
export function SafeguardPage() {
  const route = getRouteApi(patterns.safeguard);
  const { project: key, environment: environmentKey, safeguard: id } = route.useParams();
  const { edit } = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const place = { project: key, environment: environmentKey };
  // What is on its way out is not asked for any more.
  const isLeaving = useIsMutating({ mutationKey: deletingKey(id) }) > 0;
  const found = useQuery({ ...safeguardQuery(place, id), refetchInterval: isLeaving ? false : freshMs });
  const may = useMay(key, environmentKey);
  const environment = project.environments.find((one) => one.key === environmentKey);
  const open = (isOpen: boolean) =>
    void navigate({ ...safeguardPath(key, environmentKey, id, isOpen ? { edit: true } : {}), replace: true });
  return (
    <Page title={found.data?.name ?? t`Safeguard`}>
      <Breadcrumb here={found.data?.name ?? t`Safeguard`}>
        <Link {...safeguardsPath(key, { environment: environmentKey })}>
          <Trans>Safeguards</Trans>
        </Link>
      </Breadcrumb>
      <Loaded from={found} what={t`the safeguard`}>
        {(safeguard) => (
          <>
            <PageHeader
              title={safeguard.name}
              actions={
                environment &&
                may('safeguard:write') && (
                  <SafeguardActs {...{ project: key, environment, safeguard }} onEdit={() => open(true)} />
                )
              }
            >
              <div className="flex flex-wrap items-center gap-2">
                {environment && <EnvironmentName environment={environment} />}
                <StandingBadge standing={standingOfAll(safeguard)} />
                <ModeBadge mode={safeguard.mode} />
              </div>
              <p className="mt-1.5 max-w-180 break-words text-ink-2">
                {'flag' in safeguard.watch ? (
                  <Trans>
                    Watches{' '}
                    <Link {...flagPath(key, safeguard.watch.flag)} className="font-mono text-link underline">
                      {safeguard.watch.flag}
                    </Link>
                    .
                  </Trans>
                ) : (
                  <Trans>Watches {watchWords(safeguard.watch)}.</Trans>
                )}{' '}
                {describeSafeguard(safeguard)} {describeChance(safeguard.test)}
              </p>
              <p className="mt-1 text-ink-3 text-xs">
                <Trans>
                  Made by {safeguard.createdBy.name}, changed <RelativeTime at={safeguard.updatedAt} />
                </Trans>
                {safeguard.failedAt !== null && (
                  <>
                    {' · '}
                    <Trans>
                      failed <RelativeTime at={safeguard.failedAt} />
                    </Trans>
                  </>
                )}
              </p>
            </PageHeader>
            {!isLeaving && <WatchedPanel place={place} safeguard={safeguard} />}
            <VerdictList place={place} safeguard={id} />
            {edit && environment && may('safeguard:write') && (
              <SafeguardDialog {...{ project: key, environment, safeguard }} onClose={() => open(false)} />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
