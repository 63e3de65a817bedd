import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { samplingQuery } from '../../api/contexts.ts';
import { projectQuery } from '../../api/projects.ts';
import { namedOrFirst } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { contextsPath, patterns, playgroundPath } from '../../paths.ts';
import type { ContextsSearch } from '../../searches.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { AttributesPanel } from './attributes-panel.tsx';
import { SampledPanel } from './sampled-panel.tsx';
import { SamplingNote } from './sampling-note.tsx';

/** What is known of those whom an environment's flags are evaluated for: attributes, and contexts where they are sampled. */
export function ContextsPage() {
  const route = getRouteApi(patterns.contexts);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const environment = namedOrFirst(project.environments, search.environment);
  const sampling = useQuery({
    ...samplingQuery(key, environment?.key ?? ''),
    enabled: environment !== undefined,
  });
  if (!environment) return null;
  const change = (part: ContextsSearch) =>
    void navigate({ ...contextsPath(key, { ...search, ...part }), replace: true });
  return (
    <Page title={t`Contexts seen in ${environment.name}`}>
      <Breadcrumb here={t`Contexts`}>
        <Link {...playgroundPath(key, { environment: environment.key })}>
          <Trans>Playground</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={t`Contexts that were seen`}
        actions={
          <EnvironmentSelect
            environments={project.environments}
            value={environment.key}
            onChange={(next) => change({ environment: next, search: undefined })}
          />
        }
      />
      <Loaded from={sampling} what={t`what is sampled`}>
        {(known) => (
          <>
            <SamplingNote project={key} sampling={known} />
            <SampledPanel
              key={`${environment.key} contexts`}
              project={key}
              environment={environment}
              sampling={known}
              search={search}
              onChange={change}
            />
            <AttributesPanel key={environment.key} project={key} environment={environment.key} sampling={known} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
