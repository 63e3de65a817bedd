import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { namedOrFirst } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { migrationPlansPath, newMigrationPlanPath, patterns } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { PlanForm } from './plan-form.tsx';

/** Plans a database migration for an environment. */
export function NewPlanPage() {
  const route = getRouteApi(patterns.newMigrationPlan);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const environment = namedOrFirst(project.environments, search.environment);
  if (!environment) return null;
  return (
    <Page title={t`New migration plan`} environment={environment}>
      <Breadcrumb here={t`New plan`}>
        <Link {...migrationPlansPath(key, { environment: environment.key })}>
          <Trans>Migration plans</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader title={t`New migration plan`}>
        <p className="text-ink-2">
          <Trans>Nothing is begun by it: it stays at baseline until someone sends it to a phase.</Trans>
        </p>
      </PageHeader>
      <div className="overflow-x-auto">
        <EnvironmentSelect
          environments={project.environments}
          value={environment.key}
          onChange={(next) => void navigate({ ...newMigrationPlanPath(key, { environment: next }), replace: true })}
        />
      </div>
      <PlanForm project={key} environment={environment} />
    </Page>
  );
}
