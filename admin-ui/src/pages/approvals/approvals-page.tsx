import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { changeRequestsQuery } from '../../api/change-requests.ts';
import { projectQuery } from '../../api/projects.ts';
import type { ChangeRequest, Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { approvalPath, approvalsPath, patterns } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Select } from '../../ui/select.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { requiredApprovals } from './required-approvals.ts';
import { states, stateWords } from './state-words.ts';

const refreshMs = 15_000;

/** Changes that others are to approve. Its state is its address. */
export function ApprovalsPage() {
  const route = getRouteApi(patterns.approvals);
  const { project: key } = route.useParams();
  const { state } = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const requests = useInfiniteQuery({
    ...changeRequestsQuery(key, state),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  return (
    <Page title={t`Approvals of ${project.name}`}>
      <PageHeader
        title={t`Approvals`}
        actions={
          <div className="w-48">
            <Select
              label={t`State`}
              value={state ?? 'all'}
              options={[
                { value: 'all' as const, label: t`All states` },
                ...states.map((value) => ({ value, label: stateWords[value].name })),
              ]}
              onChange={(next) =>
                void navigate({ ...approvalsPath(key, { state: next === 'all' ? undefined : next }), replace: true })
              }
            />
          </div>
        }
      />
      <div className="rounded-md border border-line bg-surface">
        <Loaded from={requests} what={t`the change requests`}>
          {(items) =>
            items.length > 0 ? (
              <ul aria-label={t`Change requests`}>
                {items.map((request) => (
                  <RequestRow key={request.id} project={project} request={request} />
                ))}
              </ul>
            ) : (
              <EmptyState
                title={state ? t`No change request is “${t(stateWords[state].name)}”` : t`No change was proposed yet`}
                text={t`Where an environment asks for approvals, saving a flag's targeting proposes the change instead: others see here what it would do, and whom it would move, before it is made.`}
              >
                {state && (
                  <Button onClick={() => void navigate({ ...approvalsPath(key), replace: true })}>
                    <Trans>Show all</Trans>
                  </Button>
                )}
              </EmptyState>
            )
          }
        </Loaded>
        <More from={requests} label={t`Show older requests`} />
      </div>
    </Page>
  );
}

function RequestRow({ project, request }: { project: Project; request: ChangeRequest }) {
  const { id, title, state, createdBy, createdAt } = request;
  const words = stateWords[state];
  const isWaiting = state === 'open' || state === 'approved';
  return (
    <li className="border-line border-b last:border-b-0">
      <Link
        {...approvalPath(project.key, id)}
        className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
      >
        <span className="flex min-w-0 flex-1 basis-72 flex-col">
          <span className="truncate font-medium">{title}</span>
          <span className="text-ink-3 text-xs">
            {createdBy.name}, <RelativeTime at={createdAt} />
          </span>
        </span>
        {isWaiting &&
          requiredApprovals(request).map(({ environment, required, given }) => (
            <span
              key={environment}
              className="flex min-w-0 max-w-full items-center gap-1.5 text-ink-2 text-xs tabular-nums"
            >
              <Trans>
                <EnvironmentOf project={project} environment={environment} />
                <span className="shrink-0">
                  {given} of {required}
                </span>
                <span className="sr-only">approvals</span>
              </Trans>
            </span>
          ))}
        <Badge look={words.look}>{t(words.name)}</Badge>
      </Link>
    </li>
  );
}

/** An environment by its key, also one that is gone. */
export function EnvironmentOf({ project, environment }: { project: Project; environment: string }) {
  const found = project.environments.find(({ key }) => key === environment);
  return found ? <EnvironmentName environment={found} /> : <code className="text-xs">{environment}</code>;
}
