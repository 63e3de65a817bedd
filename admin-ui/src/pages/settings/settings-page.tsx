import { t } from '@lingui/core/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMaySomewhere } from '../../api/permissions.ts';
import { projectQuery, projectsQuery } from '../../api/projects.ts';
import { patterns, settingsPath } from '../../paths.ts';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { EnvironmentsPanel } from './environments-panel.tsx';
import { PrivatePanel } from './private-panel.tsx';
import { ProjectDialog } from './project-dialog.tsx';
import { ProjectPanel } from './project-panel.tsx';
import { ProofPanel } from './proof-panel.tsx';
import { SamplingPanel } from './sampling-panel.tsx';

/** What a project is: its name, its environments, and what may be known of those whom its flags are evaluated for. */
export function SettingsPage() {
  const route = getRouteApi(patterns.settings);
  const { project: key } = route.useParams();
  const { create } = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const maySomewhere = useMaySomewhere(project);
  return (
    <Page title={t`Settings of ${project.name}`}>
      <PageHeader title={t`Settings`} />
      <ProjectPanel key={project.key} project={project} isOnly={projects.length === 1} />
      <EnvironmentsPanel project={project} />
      {maySomewhere('contexts:read') && (
        <>
          <SamplingPanel project={project} />
          <PrivatePanel project={project} />
        </>
      )}
      {maySomewhere('key:read') && <ProofPanel project={project} />}
      {create && (
        <ProjectDialog
          taken={projects.map((one) => one.key)}
          onClose={() => void navigate({ ...settingsPath(key), replace: true })}
        />
      )}
    </Page>
  );
}
