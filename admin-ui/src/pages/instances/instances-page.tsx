import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { instanceCountsQuery } from '../../api/instances.ts';
import { keysQuery } from '../../api/keys.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import type { Environment } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import { namedOrProduction } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { connectCode } from '../../flags/connect-code.ts';
import { instancesPath, keysPath, patterns } from '../../paths.ts';
import { ReceiptStatus } from '../../receipts/receipt-status.tsx';
import type { InstancesSearch } from '../../searches.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { facets, fitting } from './census.ts';
import { InstanceFilters } from './instance-filters.tsx';
import { InstanceList } from './instance-list.tsx';
import { useFreshInstances } from './use-fresh-instances.ts';
import { VersionBars } from './version-bars.tsx';

/** Who runs what in an environment, live. Its state is its address. */
export function InstancesPage() {
  const route = getRouteApi(patterns.instances);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const { environments } = project;
  const environment = namedOrProduction(environments, search.environment);
  if (!environment) return null;
  const go = (next: InstancesSearch) => void navigate({ ...instancesPath(key, next), replace: true });
  return (
    <Page title={t`Instances in ${environment.name}`}>
      <PageHeader
        title={t`Instances`}
        actions={
          <Link {...keysPath(key, environment.key)} className="text-link hover:underline">
            <Trans>Keys of {environment.name}</Trans>
          </Link>
        }
      >
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <EnvironmentSelect
            environments={environments}
            value={environment.key}
            // Apps and versions of one environment are not those of another.
            onChange={(next) => go({ environment: next, search: search.search, behind: search.behind })}
          />
          <ReceiptStatus project={key} environment={environment.key} />
        </div>
      </PageHeader>
      <EnvironmentInstances
        key={environment.key}
        project={key}
        environment={environment}
        search={search}
        onChange={(part) => go({ ...search, ...part })}
      />
    </Page>
  );
}

interface EnvironmentInstancesProps {
  project: string;
  environment: Environment;
  search: InstancesSearch;
  onChange: (part: Partial<InstancesSearch>) => void;
}

function EnvironmentInstances({ project, environment, search, onChange }: EnvironmentInstancesProps) {
  useFreshInstances(project, environment.key);
  const counts = useQuery(instanceCountsQuery(project, environment.key));
  const may = useMayForCertain(project, environment.key);
  const keys = useQuery({ ...keysQuery(project, environment.key), enabled: may('key:read') });
  const keyNames = new Map(keys.data?.map(({ id, name }) => [id, name]));
  const { environment: _, ...filter } = search;
  const isNarrowed = filter.search !== undefined || filter.behind || facets.some((one) => filter[one] !== undefined);
  return (
    <Loaded from={counts} what={t`the instances`}>
      {({ groups, leftOut, incomplete }) =>
        groups.length === 0 && !isNarrowed && incomplete.length === 0 ? (
          <EmptyState
            title={t`Nobody is connected`}
            text={t`Give a service a server key of ${environment.name}; it appears here as soon as it starts.`}
          >
            <CodeBlock
              title={t`In the service`}
              code={connectCode('node', { url: baseUrl, flag: 'new-checkout', type: 'boolean' })}
            />
          </EmptyState>
        ) : (
          <>
            {incomplete.length > 0 && (
              <Notice title={t`${plural(incomplete.length, { one: '# server', other: '# servers' })} did not answer`}>
                <p className="break-words">
                  <Trans>
                    {incomplete.join(', ')}: instances that were known there count as lost until they come back.
                  </Trans>
                </p>
              </Notice>
            )}
            <VersionBars
              groups={fitting(groups, { ...filter, version: undefined })}
              chosen={search.version}
              onChoose={(version) => onChange({ version })}
            />
            {leftOut > 0 && (
              <p className="text-ink-3 text-xs">
                <Trans>
                  {plural(leftOut, { one: '# instance', other: '# instances' })} more of too many kinds are in the list
                  alone.
                </Trans>
              </p>
            )}
            <InstanceFilters groups={groups} search={search} keyNames={keyNames} onChange={onChange} />
            <InstanceList
              project={project}
              environment={environment.key}
              filter={filter}
              groups={groups}
              keyNames={keyNames}
            />
          </>
        )
      }
    </Loaded>
  );
}
