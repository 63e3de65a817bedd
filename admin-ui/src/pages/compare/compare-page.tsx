import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { FromToSelect } from '../../environments/from-to-select.tsx';
import { comparePath, flagsPath, patterns } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { DifferingFlags } from './differing-flags.tsx';

/** Which flags are not the same in two environments, and in what: each leads to its promotion. */
export function ComparePage() {
  const route = getRouteApi(patterns.compare);
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(route.useParams().project));
  const navigate = useNavigate();
  const { environments } = project;
  const from = environments.find(({ key }) => key === search.from) ?? environments[0];
  const others = environments.filter(({ key }) => key !== from?.key);
  const to = others.find(({ key }) => key === search.to) ?? others[0];
  const choose = (a: string, b: string) =>
    void navigate({ ...comparePath(project.key, { from: a, to: b }), replace: true });
  return (
    <Page title={t`Compare environments of ${project.name}`} environment={to}>
      <div className="flex flex-col gap-1">
        <Breadcrumb here={t`Compare`}>
          <Link {...flagsPath(project.key)} className="rounded-xs">
            <Trans>Flags</Trans>
          </Link>
        </Breadcrumb>
        <PageHeader title={t`Compare environments`} />
      </div>
      {from && to ? (
        <>
          <div className="max-w-140">
            <FromToSelect environments={environments} from={from} to={to} onChoose={choose} />
          </div>
          <DifferingFlags project={project.key} from={from} to={to} />
        </>
      ) : (
        <EmptyState
          title={t`There is one environment only`}
          text={t`With a second one, this page shows which flags are not the same in both.`}
        />
      )}
    </Page>
  );
}
