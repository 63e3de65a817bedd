import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { instancesPath, patterns } from '../../paths.ts';
import { ReceiptStatus } from '../../receipts/receipt-status.tsx';
import { useFreshInstances } from '../instances/use-fresh-instances.ts';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { KeyList } from './key-list.tsx';

/** How programs connect to an environment: its keys, and how each is used. */
export function KeysPage() {
  const params = getRouteApi(patterns.keys).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(params.project));
  useFreshInstances(params.project, params.environment);
  const environment = project.environments.find(({ key }) => key === params.environment);
  if (!environment) return null;
  return (
    <Page title={t`Keys of ${environment.name}`}>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            <Trans>Keys</Trans>
            <EnvironmentName environment={environment} />
          </span>
        }
        actions={
          <Link {...instancesPath(project.key, { environment: environment.key })} className="text-link hover:underline">
            <Trans>Instances of {environment.name}</Trans>
          </Link>
        }
      >
        <ReceiptStatus project={project.key} environment={environment.key} />
      </PageHeader>
      <KeyList key={environment.key} project={project.key} environment={environment} />
    </Page>
  );
}
