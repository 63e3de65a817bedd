import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { dependenciesQuery } from '../../api/dependencies.ts';
import { projectQuery } from '../../api/projects.ts';
import type { Dependencies } from '../../api/types.ts';
import { namedOrProduction } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { graphPath, patterns } from '../../paths.ts';
import type { GraphSearch } from '../../searches.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { GraphTable } from './graph-table.tsx';
import { NodeCard } from './node-card.tsx';
import { NodeFinder } from './node-finder.tsx';
import { narrow } from './reach.ts';

/** Who reads the table needs no drawing. */
const GraphCanvas = lazy(async () => ({ default: (await import('./graph-canvas.tsx')).GraphCanvas }));

const views = [
  { value: 'drawing', label: msg`Drawing` },
  { value: 'table', label: msg`Table` },
] as const;

/** What depends on what in an environment: flags, segments, releases. Its state is its address. */
export function GraphPage() {
  const route = getRouteApi(patterns.graph);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const { environments } = project;
  const environment = namedOrProduction(environments, search.environment);
  const dependencies = useQuery({
    ...dependenciesQuery(key, environment?.key ?? ''),
    enabled: environment !== undefined,
    placeholderData: keepPreviousData,
  });
  if (!environment) return null;
  const change = (part: Partial<GraphSearch>) =>
    void navigate({ ...graphPath(key, { ...search, ...part }), replace: part.node === undefined });
  return (
    <Page title={t`Graph of ${environment.name}`}>
      <PageHeader
        title={t`Graph`}
        actions={
          <Segmented
            label={t`How to show it`}
            value={search.view ?? 'drawing'}
            options={views}
            onChange={(view) => change({ view: view === 'table' ? view : undefined })}
          />
        }
      >
        <EnvironmentSelect
          environments={environments}
          value={environment.key}
          onChange={(next) => change({ environment: next, node: undefined, only: undefined })}
        />
      </PageHeader>
      <Loaded from={dependencies} what={t`the dependencies`}>
        {(all) =>
          all.nodes.length === 0 ? (
            <EmptyState
              title={t`Nothing depends on anything in ${environment.name}`}
              text={t`A flag that needs another one, a rule that asks for a segment, or a release that moves a flag is drawn here.`}
            />
          ) : (
            <GraphBody project={key} environment={environment.key} all={all} search={search} onChange={change} />
          )
        }
      </Loaded>
    </Page>
  );
}

interface GraphBodyProps {
  project: string;
  environment: string;
  all: Dependencies;
  search: GraphSearch;
  onChange: (part: Partial<GraphSearch>) => void;
}

function GraphBody({ project, environment, all, search, onChange }: GraphBodyProps) {
  const node = all.nodes.find(({ id }) => id === search.node);
  const isOnly = search.only === true && node !== undefined;
  const graph = useMemo(() => (isOnly ? narrow(all, node.id) : all), [all, isOnly, node?.id]);
  const choose = (id: string | undefined) => onChange({ node: id, ...(id === undefined && { only: undefined }) });
  return (
    <>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="w-72 max-w-full">
          <NodeFinder nodes={all.nodes} onChoose={choose} />
        </div>
        <p role="status" aria-label={t`How many`} className="py-1.5 text-ink-3 text-xs">
          {plural(graph.nodes.length, { one: '# thing', other: '# things' })},{' '}
          {plural(graph.dependencies.length, { one: '# link', other: '# links' })}
          {!isOnly && (
            <>
              {' · '}
              <Trans>
                alone: {plural(all.alone.flags, { one: '# flag', other: '# flags' })},{' '}
                {plural(all.alone.segments, { one: '# segment', other: '# segments' })}
              </Trans>
            </>
          )}
        </p>
      </div>
      {node && (
        <NodeCard
          project={project}
          environment={environment}
          graph={all}
          node={node}
          isOnly={isOnly}
          onOnly={(only) => onChange({ node: node.id, only: only || undefined })}
          onChoose={choose}
        />
      )}
      {search.view === 'table' ? (
        <GraphTable project={project} environment={environment} graph={graph} />
      ) : (
        <Suspense fallback={<div className="h-[min(70dvh,44rem)] rounded-md border border-line bg-sunken" />}>
          <GraphCanvas graph={graph} chosen={node?.id} onChoose={choose} />
          <Legend />
        </Suspense>
      )}
    </>
  );
}

function Legend() {
  return (
    <p className="text-ink-3 text-xs">
      <Trans>
        What depends stands on the left. Boxes are flags (green: on, red: killed), pills segments, square ones releases;
        dotted lines ask for a segment. Drag to move, Ctrl and the wheel or two fingers to zoom.
      </Trans>
    </p>
  );
}
