import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { sourcesQuery } from '../../api/signals.ts';
import { patterns, signalsPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { BindingsPanel } from '../bindings/bindings-panel.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { CreateSourceDialog } from './create-source-dialog.tsx';
import { Inbox } from './inbox.tsx';
import { SourceList } from './source-list.tsx';

/** Where alerts of other systems arrive: the sources that may send, what their alerts lead to, and what each sent. */
export function SignalsPage() {
  const route = getRouteApi(patterns.signals);
  const { project: key } = route.useParams();
  const { source: chosen, binding, bind, search, state } = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const sources = useQuery(sourcesQuery(key));
  const may = useMay(key);
  const [isCreating, setCreating] = useState(false);
  const shown = sources.data?.find((source) => source.key === chosen) ?? sources.data?.[0];
  return (
    <Page title={t`Signals of ${project.name}`}>
      <PageHeader
        title={t`Signals`}
        actions={
          may('safeguard:write') && (
            <Button look="primary" onClick={() => setCreating(true)}>
              <Trans>
                <Plus aria-hidden />
                New source
              </Trans>
            </Button>
          )
        }
      />
      {sources.isPending && (
        <div className="rounded-md border border-line bg-surface px-4 py-4">
          <LoadingNote what={t`sources`} />
          <Skeleton className="w-72 max-w-full" />
        </div>
      )}
      {sources.isLoadingError && (
        <TryAgain
          title={t`The sources cannot be listed`}
          error={sources.error}
          onRetry={() => void sources.refetch()}
        />
      )}
      {sources.data?.length === 0 && (
        <div className="rounded-md border border-line bg-surface">
          <EmptyState
            title={t`Nothing sends signals yet`}
            text={t`A source lets Alertmanager, Grafana, Datadog and others say that something goes wrong. It begins in a dry run: what comes is shown here, and nothing is done.`}
          />
        </div>
      )}
      {sources.data && shown && (
        <>
          <SourceList
            project={key}
            sources={sources.data}
            shown={shown.key}
            mayWrite={may('safeguard:write')}
            onShow={(source) => void navigate({ ...signalsPath(key, { source }), replace: true })}
          />
          <BindingsPanel
            key={`${shown.key} bindings`}
            project={project}
            source={shown}
            open={bind ? { isNew: true } : binding === undefined ? undefined : { isNew: false, key: binding }}
            onOpen={(open) =>
              void navigate(
                signalsPath(key, {
                  ...{ source: chosen, search, state, bind: open?.isNew ? true : undefined },
                  binding: open?.isNew === false ? open.key : undefined,
                }),
              )
            }
          />
          <Inbox
            key={shown.key}
            project={key}
            source={shown}
            mayWrite={may('safeguard:write')}
            filter={{ search, state }}
            onFilter={(filter) =>
              void navigate({ ...signalsPath(key, { source: chosen, ...filter }), replace: true, resetScroll: false })
            }
          />
        </>
      )}
      {isCreating && <CreateSourceDialog project={key} onClose={() => setCreating(false)} />}
    </Page>
  );
}
