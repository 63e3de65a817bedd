import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Database, Plus } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { safeguardsQuery } from '../../api/safeguards.ts';
import type { Environment, Project } from '../../api/types.ts';
import { namedOrProduction } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { dataSourcesPath, patterns, safeguardsPath } from '../../paths.ts';
import { SafeguardDialog } from '../../safeguards/safeguard-dialog.tsx';
import { SafeguardRow } from '../../safeguards/safeguard-row.tsx';
import { useStandardSet } from '../../safeguards/use-standard-set.ts';
import { VerdictList } from '../../safeguards/verdict-list.tsx';
import type { SafeguardsSearch } from '../../searches.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { CoveragePanel } from './coverage-panel.tsx';

/** What watches over an environment by itself: which flags, how each safeguard stands, and what was found. */
export function SafeguardsPage() {
  const route = getRouteApi(patterns.safeguards);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const shown = namedOrProduction(project.environments, search.environment);
  const go = (next: SafeguardsSearch) => void navigate({ ...safeguardsPath(key, next), replace: true });
  return (
    <Page title={t`Safeguards of ${project.name}`} environment={shown}>
      <PageHeader
        title={t`Safeguards`}
        actions={
          <Link {...dataSourcesPath(key)} className={`${buttonShape} hover:bg-hover`}>
            <Trans>
              <Database aria-hidden />
              Data sources
            </Trans>
          </Link>
        }
      >
        {shown && (
          <EnvironmentSelect
            environments={project.environments}
            value={shown.key}
            onChange={(environment) => go({ environment })}
          />
        )}
      </PageHeader>
      {shown && <Safeguards key={shown.key} project={project} environment={shown} search={search} onSearch={go} />}
    </Page>
  );
}

const freshMs = 3_000;

interface SafeguardsProps {
  project: Project;
  environment: Environment;
  search: SafeguardsSearch;
  onSearch: (next: SafeguardsSearch) => void;
}

function Safeguards({ project, environment, search, onSearch }: SafeguardsProps) {
  const place = { project: project.key, environment: environment.key };
  const safeguards = useInfiniteQuery({ ...safeguardsQuery(place), refetchInterval: freshMs });
  const mayWrite = useMay(project.key, environment.key)('safeguard:write');
  const standard = useStandardSet(place);
  const { sight = 'unwatched' } = search;
  const base = { environment: environment.key, sight };
  return (
    <>
      <CoveragePanel
        {...{ place, sight, mayWrite }}
        onSight={(next) => onSearch({ environment: environment.key, sight: next })}
      />
      <Panel
        title={t`Safeguards`}
        note={t`Judged every second, from what SDKs and Prometheus measure.`}
        actions={
          mayWrite && (
            <Button onClick={() => onSearch({ ...base, create: true })}>
              <Trans>
                <Plus aria-hidden />
                New safeguard
              </Trans>
            </Button>
          )
        }
      >
        <Loaded from={safeguards} what={t`the safeguards`}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) {
              return (
                <EmptyState
                  title={t`Nothing watches ${environment.name}`}
                  text={t`A safeguard compares those whom a split gives a variant with those it gives another, and stops what harms: by a crash within seconds, by a slow worsening within minutes. The usual three are a good beginning; they only say what they would do until you arm them.`}
                >
                  {mayWrite && (
                    <Button look="primary" busy={standard.isPending} onClick={() => standard.mutate(undefined)}>
                      <Trans>Watch all that is measured</Trans>
                    </Button>
                  )}
                </EmptyState>
              );
            }
            return (
              <>
                <ul aria-label={t`Safeguards`}>
                  {items.map((safeguard) => (
                    <SafeguardRow key={safeguard.id} place={place} safeguard={safeguard} />
                  ))}
                </ul>
                <More from={safeguards} label={t`Show more safeguards`} />
              </>
            );
          }}
        </Loaded>
      </Panel>
      <VerdictList place={place} />
      {search.create && mayWrite && (
        <SafeguardDialog project={project.key} environment={environment} onClose={() => onSearch(base)} />
      )}
    </>
  );
}
