import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { migrationPlansQuery } from '../../api/migration-plans.ts';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { namedOrFirst } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { migrationPlansPath, newMigrationPlanPath, patterns } from '../../paths.ts';
import { buttonShape } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { PlanRow } from './plan-row.tsx';

const movingMs = 2_000;
const stillMs = 10_000;

/** The database migrations of an environment. Its state is its address. */
export function MigrationPlansPage() {
  const route = getRouteApi(patterns.migrationPlans);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const environment = namedOrFirst(project.environments, search.environment);
  const may = useMay(key, environment?.key);
  const plans = useInfiniteQuery({
    ...migrationPlansQuery(key, environment?.key ?? ''),
    enabled: environment !== undefined,
    select: ({ pages }) => pages.flatMap((page) => page.items),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ isMoving }) => isMoving)) ? movingMs : stillMs,
  });
  if (!environment) return null;
  return (
    <Page title={t`Migration plans of ${project.name}`} environment={environment}>
      <PageHeader
        title={t`Migration plans`}
        actions={
          may('release:write') && (
            <Link
              {...newMigrationPlanPath(key, { environment: environment.key })}
              className={`${buttonShape} bg-accent text-on-accent hover:bg-accent-hover`}
            >
              <Trans>
                <Plus aria-hidden />
                New plan
              </Trans>
            </Link>
          )
        }
      >
        <p className="text-ink-2">
          <Trans>
            How a database changes while it is in use: phase by phase, with the code that reads and writes it, and back.
          </Trans>
        </p>
      </PageHeader>
      <search className="overflow-x-auto">
        <EnvironmentSelect
          environments={project.environments}
          value={environment.key}
          onChange={(next) => void navigate({ ...migrationPlansPath(key, { environment: next }), replace: true })}
        />
      </search>
      <div className="rounded-md border border-line bg-surface">
        <Loaded from={plans} what={t`the migration plans`}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                title={t`No database migration in ${environment.name} yet`}
                text={t`A plan says what SQL leads into each of nine phases and back, what must hold before the next one, and which flag tells the application what to read and write. It begins when someone, or a release, sends it to a phase.`}
              />
            ) : (
              <ul aria-label={t`Migration plans`}>
                {items.map((plan) => (
                  <PlanRow key={plan.key} project={key} environment={environment.key} plan={plan} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <More from={plans} label={t`Show more plans`} />
      </div>
    </Page>
  );
}
