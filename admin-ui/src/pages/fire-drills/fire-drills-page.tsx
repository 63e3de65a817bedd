import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { namedOrProduction } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { fireDrillsPath, onCallPath, patterns } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { DrillRuns } from './drill-runs.tsx';
import { DrillSettings } from './drill-settings.tsx';

/** Whether kills arrive everywhere, tried before it matters: when drills are held, and what came of them. */
export function FireDrillsPage() {
  const route = getRouteApi(patterns.fireDrills);
  const { project: key } = route.useParams();
  const { environment } = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const shown = namedOrProduction(project.environments, environment);
  return (
    <Page title={t`Fire drills of ${project.name}`} environment={shown}>
      <Breadcrumb here={t`Fire drills`}>
        <Link {...onCallPath(key, { environment })}>
          <Trans>On call</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={t`Fire drills`}
        actions={
          shown && (
            <EnvironmentSelect
              environments={project.environments}
              value={shown.key}
              onChange={(next) => void navigate({ ...fireDrillsPath(key, { environment: next }), replace: true })}
            />
          )
        }
      />
      {shown && (
        <>
          <DrillSettings key={`${shown.key} settings`} project={key} environment={shown} />
          <DrillRuns key={`${shown.key} runs`} project={key} environment={shown} />
        </>
      )}
    </Page>
  );
}
