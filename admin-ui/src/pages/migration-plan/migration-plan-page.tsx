import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { migrationPlanQuery } from '../../api/releases.ts';
import type { MigrationPhase } from '../../api/types.ts';
import { migrationPlansPath, patterns } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { ThingLine } from '../layout/thing-line.tsx';
import { GoDialog } from './go-dialog.tsx';
import { PhaseSteps } from './phase-steps.tsx';
import { PlanActs } from './plan-acts.tsx';
import { PlanFacts } from './plan-facts.tsx';
import { PlanRuns } from './plan-runs.tsx';
import { PlanStanding } from './plan-standing.tsx';

const movingMs = 1_000;
const stillMs = 10_000;

/** One migration plan: where it is, what each phase runs, what was run, and the means to move it. */
export function MigrationPlanPage() {
  const place = getRouteApi(patterns.migrationPlan).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(place.project));
  const { data: plan } = useSuspenseQuery({
    ...migrationPlanQuery(place.project, place.environment, place.plan),
    refetchInterval: ({ state }) => (state.data?.isMoving ? movingMs : stillMs),
  });
  const may = useMay(place.project, place.environment);
  const [to, setTo] = useState<MigrationPhase>();
  const environment = project.environments.find(({ key }) => key === place.environment);
  if (!environment) return null;
  const mayWrite = may('release:write');
  const maySend = mayWrite && plan.release === null;
  return (
    <Page title={t`Migration plan ${plan.key}`}>
      <Breadcrumb here={plan.key}>
        <Link {...migrationPlansPath(place.project, { environment: place.environment })}>
          <Trans>Migration plans</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={<span className="break-all font-mono">{plan.key}</span>}
        actions={mayWrite && <PlanActs place={place} environment={environment} plan={plan} onGo={setTo} />}
      >
        <ThingLine project={place.project} environment={environment} kind="migration-plan" thing={plan} />
      </PageHeader>
      <PlanStanding project={place.project} plan={plan} {...(maySend && { onGo: setTo })} />
      <PlanFacts project={place.project} environment={place.environment} plan={plan} />
      <PhaseSteps plan={plan} />
      <PlanRuns place={place} isMoving={plan.isMoving} />
      {to !== undefined && (
        <GoDialog
          key={to}
          place={place}
          environment={environment}
          plan={plan}
          to={to}
          onClose={() => setTo(undefined)}
        />
      )}
    </Page>
  );
}
