import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { GitCompareArrows, Plus } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { comparePath, flagPath, flagsPath, patterns } from '../../paths.ts';
import type { FlagsSearch } from '../../searches.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import { KeyCap } from '../../ui/key-cap.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { CreateFlagDialog } from './create-flag-dialog.tsx';
import { EnvironmentStrip } from './environment-strip.tsx';
import { FlagFilters } from './flag-filters.tsx';
import { FlagList } from './flag-list.tsx';

/** All flags of a project, with a switch for each environment. Its state is its address. */
export function FlagsPage() {
  const route = getRouteApi(patterns.flags);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const may = useMay(key);
  const change = (part: FlagsSearch) =>
    void navigate({ ...flagsPath(key, { ...search, ...part }), replace: part.create === undefined });
  return (
    <Page title={t`Flags of ${project.name}`}>
      <PageHeader
        title={t`Flags`}
        actions={
          <>
            {project.environments.length > 1 && (
              <Link
                {...comparePath(key)}
                className={`${buttonShape} border border-edge bg-raised text-ink shadow-control hover:bg-hover`}
              >
                <Trans>
                  <GitCompareArrows aria-hidden />
                  Compare
                </Trans>
              </Link>
            )}
            {may('flag:write') && (
              <Button look="primary" onClick={() => change({ create: true })}>
                <Trans>
                  <Plus aria-hidden />
                  New flag
                  <KeyCap>c</KeyCap>
                </Trans>
              </Button>
            )}
          </>
        }
      />
      <EnvironmentStrip project={key} environments={project.environments} />
      <FlagFilters project={key} environments={project.environments} search={search} onChange={change} />
      <FlagList project={project} search={search} onChange={change} />
      <CreateFlagDialog
        project={key}
        open={search.create === true}
        onClose={() => change({ create: undefined })}
        onCreated={(flag) => void navigate({ ...flagPath(key, flag), replace: true })}
      />
    </Page>
  );
}
