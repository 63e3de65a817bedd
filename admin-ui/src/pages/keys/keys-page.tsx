import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { keysPath, patterns } from '../../paths.ts';
import { ReceiptStatus } from '../../receipts/receipt-status.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { InstanceList } from './instance-list.tsx';
import { KeyList } from './key-list.tsx';

/** How programs connect to an environment: its keys, and who is connected now. */
export function KeysPage() {
  const route = getRouteApi(patterns.keys);
  const params = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(params.project));
  const environment = project.environments.find(({ key }) => key === params.environment);
  if (!environment) return null;
  return (
    <Page title={`Keys of ${environment.name}`}>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            <EnvironmentName environment={environment} /> Keys and instances
          </span>
        }
      >
        <ReceiptStatus project={project.key} environment={environment.key} />
      </PageHeader>
      <KeyList key={environment.key} project={project.key} environment={environment} />
      <InstanceList
        project={project.key}
        environment={environment}
        search={search}
        onChange={(part) =>
          void navigate({ ...keysPath(project.key, environment.key, { ...search, ...part }), replace: true })
        }
      />
    </Page>
  );
}
