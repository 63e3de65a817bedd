import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { dataSourcesQuery } from '../../api/data-sources.ts';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { dataSourcesPath, patterns, safeguardsPath } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { SourceDialog } from './source-dialog.tsx';
import { SourceRow } from './source-row.tsx';

/** Where safeguards and gates may read numbers that SDKs do not measure. */
export function DataSourcesPage() {
  const route = getRouteApi(patterns.dataSources);
  const { project: key } = route.useParams();
  const { source, create } = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const sources = useQuery(dataSourcesQuery(key));
  const mayWrite = useMay(key)('safeguard:write');
  const close = () => void navigate(dataSourcesPath(key));
  const edited = sources.data?.find((each) => each.key === source);
  const add = mayWrite && (
    <Button look="primary" onClick={() => void navigate(dataSourcesPath(key, { create: true }))}>
      <Trans>
        <Plus aria-hidden />
        New data source
      </Trans>
    </Button>
  );
  return (
    <Page title={t`Data sources of ${project.name}`}>
      <Breadcrumb here={t`Data sources`}>
        <Link {...safeguardsPath(key)}>
          <Trans>Safeguards</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader title={t`Data sources`} actions={sources.data && sources.data.length > 0 && add} />
      <section aria-label={t`Data sources`} className="rounded-md border border-line bg-surface">
        <Loaded from={sources} what={t`the data sources`}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                title={t`Nothing is read from elsewhere yet`}
                text={t`SDKs measure what flags.run calls. What they cannot see, such as the requests of a proxy or the lag of a queue, safeguards and gates read from a Prometheus.`}
              >
                {add}
              </EmptyState>
            ) : (
              <ul aria-label={t`Data sources`}>
                {items.map((each) => (
                  <SourceRow
                    key={each.key}
                    {...{ project: key, source: each, mayWrite }}
                    onEdit={() => void navigate(dataSourcesPath(key, { source: each.key }))}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      {mayWrite && (create || edited) && (
        <SourceDialog key={edited?.key ?? ''} project={key} source={edited} onClose={close} />
      )}
    </Page>
  );
}
