import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { trafficTargetsQuery } from '../../api/traffic.ts';
import { namedOrFirst } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { patterns, trafficTargetPath, trafficTargetsPath } from '../../paths.ts';
import type { InEnvironmentSearch } from '../../searches.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { TargetDialog } from './target-dialog.tsx';
import { TargetRow } from './target-row.tsx';

/** What divides requests between two versions in an environment, as it is now. Its state is its address. */
export function TrafficTargetsPage() {
  const route = getRouteApi(patterns.trafficTargets);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const environment = namedOrFirst(project.environments, search.environment);
  const may = useMay(key, environment?.key);
  const targets = useQuery({
    ...trafficTargetsQuery(key, environment?.key ?? ''),
    enabled: environment !== undefined,
  });
  const change = (part: InEnvironmentSearch) =>
    void navigate({ ...trafficTargetsPath(key, { ...search, ...part }), replace: part.create === undefined });
  if (!environment) return null;
  return (
    <Page title={t`Traffic targets of ${project.name}`} environment={environment}>
      <PageHeader
        title={t`Traffic targets`}
        actions={
          may('release:write') && (
            <Button look="primary" onClick={() => change({ create: true })}>
              <Trans>
                <Plus aria-hidden />
                New target
              </Trans>
            </Button>
          )
        }
      >
        <p className="text-ink-2">
          <Trans>What divides requests between two versions of a service; releases steer it.</Trans>
        </p>
      </PageHeader>
      <search className="overflow-x-auto">
        <EnvironmentSelect
          environments={project.environments}
          value={environment.key}
          onChange={(next) => change({ environment: next })}
        />
      </search>
      <div className="rounded-md border border-line bg-surface">
        <Loaded from={targets} what={t`the traffic targets`}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                title={t`Nothing divides traffic in ${environment.name} yet`}
                text={t`Tell where HAProxy, NGINX, Caddy, a gateway of Kubernetes or a program of yours is. A release then moves requests from the old version to the new one, stage by stage, and back.`}
              />
            ) : (
              <ul aria-label={t`Traffic targets`}>
                {items.map((target) => (
                  <TargetRow key={target.key} project={key} environment={environment.key} target={target} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
      {search.create && (
        <TargetDialog
          project={key}
          environment={environment}
          onClose={() => change({ create: undefined })}
          onSaved={(target) => void navigate({ ...trafficTargetPath(key, environment.key, target), replace: true })}
        />
      )}
    </Page>
  );
}
