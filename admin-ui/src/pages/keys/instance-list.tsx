import { useQuery } from '@tanstack/react-query';
import { asApiError } from '../../api/api-error.ts';
import { instancesQuery } from '../../api/instances.ts';
import type { Environment, Instance } from '../../api/types.ts';
import { connectSnippet } from '../../flags/connect-snippet.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';

/** Instances come and go without a sign to this page: asked for again at this pace. */
const refreshMs = 5_000;

/** Who is connected, and which revision each one runs. */
export function InstanceList({ project, environment }: { project: string; environment: Environment }) {
  const instances = useQuery({ ...instancesQuery(project, environment.key), refetchInterval: refreshMs });
  return (
    <Panel title="Instances" note="Running SDKs that are connected now, or were lost a short while ago.">
      {instances.isPending && (
        <div className="px-4 py-3.5">
          <LoadingNote what="instances" />
          <Skeleton className="w-72 max-w-full" />
        </div>
      )}
      {instances.isLoadingError && (
        <div className="p-3">
          <Notice
            title="The instances cannot be listed"
            actions={<Button onClick={() => void instances.refetch()}>Try again</Button>}
          >
            {asApiError(instances.error).message}
          </Notice>
        </div>
      )}
      {instances.data?.length === 0 && (
        <EmptyState
          title="Nobody is connected"
          text={`Give a service a server key of ${environment.name}; it appears here as soon as it starts.`}
        >
          <CodeBlock title="In the service" code={connectSnippet(window.location.origin)} />
        </EmptyState>
      )}
      {instances.data && instances.data.length > 0 && (
        <ul aria-label="Instances">
          {instances.data.map((instance) => (
            <InstanceRow key={instance.id} instance={instance} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function InstanceRow({ instance }: { instance: Instance }) {
  const { id, app, host, sdk, deploy, relay, state, revision, brokenFlags, connectedAt, lostAt } = instance;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="truncate font-medium" title={id}>
          {app ?? id}
        </p>
        <p className="truncate text-ink-3 text-xs">
          {[host, `${sdk.name} ${sdk.version}`, deploy?.version, deploy?.stage, deploy?.color, relay && `via ${relay}`]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {brokenFlags > 0 && <Badge look="danger">{brokenFlags} not understood</Badge>}
      <span className="font-mono text-ink-2 text-xs tabular-nums">
        {revision ? `revision ${revision.number}` : 'no revision yet'}
      </span>
      {state === 'pending' && <Badge>behind</Badge>}
      <span className="w-40 text-ink-3 text-xs">
        {lostAt ? 'lost' : 'connected'} <RelativeTime at={lostAt ?? connectedAt} />
      </span>
    </li>
  );
}
