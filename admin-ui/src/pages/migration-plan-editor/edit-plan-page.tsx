import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { migrationPlanQuery } from '../../api/releases.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { migrationPlanPath, patterns } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { PlanForm } from './plan-form.tsx';

/** Changes a migration plan that rests, is paused or has failed. */
export function EditPlanPage() {
  const place = getRouteApi(patterns.editMigrationPlan).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(place.project));
  const { data: plan } = useSuspenseQuery(migrationPlanQuery(place.project, place.environment, place.plan));
  const environment = project.environments.find(({ key }) => key === place.environment);
  if (!environment) return null;
  return (
    <Page title={t`Edit migration plan ${plan.key}`}>
      <Breadcrumb here={t`Edit`}>
        <Link {...migrationPlanPath(place.project, place.environment, place.plan)}>{plan.key}</Link>
      </Breadcrumb>
      <PageHeader title={<span className="break-all font-mono">{plan.key}</span>}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
          <EnvironmentName environment={environment} />
          <span>
            <Trans>What is done stays done where it stays the same; from what differs on it is done anew.</Trans>
          </span>
        </p>
      </PageHeader>
      <PlanForm project={place.project} environment={environment} plan={plan} />
    </Page>
  );
}
