import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { changePreviewQuery, changeRequestQuery } from '../../api/change-requests.ts';
import { projectQuery } from '../../api/projects.ts';
import { approvalsPath, patterns } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EnvironmentOf } from '../approvals/approvals-page.tsx';
import { requiredApprovals } from '../approvals/required-approvals.ts';
import { stateWords } from '../approvals/state-words.ts';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { ChangeBlock } from './change-block.tsx';
import { Conversation } from './conversation.tsx';
import { MadeChanges } from './made-changes.tsx';
import { RequestActs } from './request-acts.tsx';

const refreshMs = 5_000;

/** A proposed change: what it would do, whom it would move, what others say, and what can be done with it. */
export function ApprovalPage() {
  const { project: key, request: id } = getRouteApi(patterns.approval).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const { data: request } = useSuspenseQuery({ ...changeRequestQuery(key, id), refetchInterval: refreshMs });
  const isOver = request.state === 'applied' || request.state === 'cancelled';
  const preview = useQuery({ ...changePreviewQuery(key, id), enabled: !isOver, refetchInterval: refreshMs });
  const words = stateWords[request.state];
  const isOutdated = !isOver && preview.data !== undefined && preview.data.contentHash !== request.contentHash;
  return (
    <Page title={request.title}>
      <Breadcrumb here={request.title}>
        <Link {...approvalsPath(key)}>
          <Trans>Approvals</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader title={request.title}>
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-ink-2">
          <Badge look={words.look}>{t(words.name)}</Badge>
          <span>
            {request.createdBy.name}, <RelativeTime at={request.createdAt} />
          </span>
          {!isOver &&
            requiredApprovals(request).map(({ environment, given, required }) => (
              <span key={environment} className="flex min-w-0 max-w-full items-center gap-1.5 tabular-nums">
                <Trans>
                  <EnvironmentOf project={project} environment={environment} />
                  <span className="shrink-0">
                    {given} of {required} approvals
                  </span>
                </Trans>
              </span>
            ))}
        </p>
        <p className="mt-1.5 text-ink-3 text-xs">
          {t(words.says)}
          {request.reason !== null && <span className="break-words text-ink-2"> {request.reason}</span>}
        </p>
        {request.description !== '' && (
          <p className="mt-2 whitespace-pre-wrap break-words text-ink-2">{request.description}</p>
        )}
      </PageHeader>
      <RequestActs project={project} request={request} isApplicable={preview.data?.isApplicable ?? true} />
      {isOutdated && (
        <p role="status" className="rounded-sm border border-edge bg-sunken px-3 py-2 text-ink-2">
          <Trans>
            Something that it changes was changed since it was written: it would lead to something else now. Rebase it,
            and let it be approved anew.
          </Trans>
        </p>
      )}
      {isOver ? (
        <MadeChanges project={project} request={request} />
      ) : (
        <Loaded from={preview} what={t`what it would do`}>
          {({ changes }) =>
            changes.map((change, at) => (
              <ChangeBlock
                key={`${change.environment} ${change.kind} ${change.key} ${at}`}
                project={project}
                change={change}
                proposed={request.changes[at]}
                request={request}
              />
            ))
          }
        </Loaded>
      )}
      <Conversation project={key} request={request} />
    </Page>
  );
}
