import { useQuery } from '@tanstack/react-query';
import { asApiError } from '../../api/api-error.ts';
import { instancesQuery } from '../../api/instances.ts';
import type { Environment, Instance } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import { connectCode } from '../../flags/connect-code.ts';
import type { InstancesSearch } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';

/** Instances come and go without a sign to this page: asked for again at this pace. */
const refreshMs = 5_000;

const kinds = [
  { value: 'all', label: 'All' },
  { value: 'behind', label: 'Behind' },
] as const;

interface InstanceListProps {
  project: string;
  environment: Environment;
  search: InstancesSearch;
  onChange: (part: InstancesSearch) => void;
}

/** Who is connected, and which revision each one runs. */
export function InstanceList({ project, environment, search, onChange }: InstanceListProps) {
  const instances = useQuery({ ...instancesQuery(project, environment.key, search), refetchInterval: refreshMs });
  const items = instances.data?.items;
  const isNarrowed = search.search !== undefined || search.behind === true;
  return (
    <Panel title="Instances" note="Running SDKs that are connected now, or were lost a short while ago.">
      {(isNarrowed || (items && items.length > 0)) && (
        <search className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
          <SearchBox
            label="Search instances"
            value={search.search ?? ''}
            onChange={(text) => onChange({ search: text || undefined })}
          />
          <Segmented
            label="Which instances"
            value={search.behind ? 'behind' : 'all'}
            options={kinds}
            onChange={(kind) => onChange({ behind: kind === 'behind' ? true : undefined })}
          />
        </search>
      )}
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
      {items?.length === 0 && isNarrowed && (
        <p className="px-4 py-3.5 text-ink-3 text-xs">
          {search.behind ? 'No instance lacks the newest revision' : 'No instance is like this'}.
        </p>
      )}
      {items?.length === 0 && !isNarrowed && (
        <EmptyState
          title="Nobody is connected"
          text={`Give a service a server key of ${environment.name}; it appears here as soon as it starts.`}
        >
          <CodeBlock
            title="In the service"
            code={connectCode('node', { url: baseUrl, flag: 'new-checkout', type: 'boolean' })}
          />
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <ul aria-label="Instances">
          {items.map((instance) => (
            <InstanceRow key={instance.id} instance={instance} />
          ))}
        </ul>
      )}
      {instances.data?.nextCursor && (
        <p className="px-4 py-2.5 text-ink-3 text-xs">There are more than these: search for an app, host or version.</p>
      )}
    </Panel>
  );
}

function InstanceRow({ instance }: { instance: Instance }) {
  const { id, app, host, sdk, deploy, relay, revision, behindMs, brokenFlags, connectedAt, lostAt } = instance;
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
      {behindMs !== null && <Badge>behind for {formatDuration(behindMs)}</Badge>}
      <span className="w-40 text-ink-3 text-xs">
        {lostAt ? 'lost' : 'connected'} <RelativeTime at={lostAt ?? connectedAt} />
      </span>
    </li>
  );
}
