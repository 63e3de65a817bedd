import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMaySomewhere } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { newReleasePath, patterns, releasesPath } from '../../paths.ts';
import { phases, phaseWords } from '../../releases/phase.ts';
import type { ReleasesSearch } from '../../searches.ts';
import { buttonShape } from '../../ui/button.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { ReleaseList } from './release-list.tsx';

/** All releases of a project: what is under way, then the newest first. Its state is its address. */
export function ReleasesPage() {
  const route = getRouteApi(patterns.releases);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const may = useMaySomewhere(project);
  const navigate = useNavigate();
  const change = (part: ReleasesSearch) =>
    void navigate({ ...releasesPath(key, { ...search, ...part }), replace: true });
  return (
    <Page title={t`Releases of ${project.name}`}>
      <PageHeader
        title={t`Releases`}
        actions={
          may('release:write') && (
            <Link {...newReleasePath(key)} className={`${buttonShape} bg-accent text-on-accent hover:bg-accent-hover`}>
              <Trans>
                <Plus aria-hidden />
                New release
              </Trans>
            </Link>
          )
        }
      />
      <search className="flex flex-wrap gap-2">
        <div className="flex min-w-0 flex-1 basis-56">
          <SearchBox
            label={t`Find by title`}
            value={search.search ?? ''}
            onChange={(text) => change({ search: text === '' ? undefined : text })}
          />
        </div>
        <div className="w-48 max-sm:w-full">
          <Select
            label={t`Environment`}
            value={search.environment ?? 'all'}
            options={[
              { value: 'all', label: t`All environments` },
              ...project.environments.map(({ key: value, name: label }) => ({ value, label })),
            ]}
            onChange={(value) => change({ environment: value === 'all' ? undefined : value })}
          />
        </div>
        <div className="w-48 max-sm:w-full">
          <Select
            label={t`Phase`}
            value={search.phase ?? 'all'}
            options={[
              { value: 'all' as const, label: t`All phases` },
              ...phases.map((value) => ({ value, label: phaseWords[value].name })),
            ]}
            onChange={(value) => change({ phase: value === 'all' ? undefined : value })}
          />
        </div>
      </search>
      <ReleaseList
        project={project}
        search={search}
        onClear={() => change({ search: undefined, environment: undefined, phase: undefined })}
      />
    </Page>
  );
}
