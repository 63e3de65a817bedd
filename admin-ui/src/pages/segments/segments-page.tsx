import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { segmentsQuery } from '../../api/segments.ts';
import type { Segment } from '../../api/types.ts';
import { namedOrFirst } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { describeCondition } from '../../flags/describe-condition.ts';
import { patterns, segmentPath, segmentsPath } from '../../paths.ts';
import type { SegmentsSearch } from '../../searches.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { SegmentDialog } from './segment-dialog.tsx';

/** The segments of an environment: named groups of subjects. Its state is its address. */
export function SegmentsPage() {
  const route = getRouteApi(patterns.segments);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const environment = namedOrFirst(project.environments, search.environment);
  const may = useMay(key, environment?.key);
  const segments = useInfiniteQuery({
    ...segmentsQuery(key, environment?.key ?? '', search.search),
    enabled: environment !== undefined,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const change = (part: SegmentsSearch) =>
    void navigate({ ...segmentsPath(key, { ...search, ...part }), replace: part.create === undefined });
  if (!environment) return null;
  return (
    <Page title={t`Segments of ${project.name}`} environment={environment}>
      <PageHeader
        title={t`Segments`}
        actions={
          may('segment:write') && (
            <Button look="primary" onClick={() => change({ create: true })}>
              <Trans>
                <Plus aria-hidden />
                New segment
              </Trans>
            </Button>
          )
        }
      />
      <search className="flex flex-wrap items-center gap-2">
        <div className="flex min-w-full flex-1 sm:min-w-60">
          <SearchBox
            label={t`Search segments`}
            value={search.search ?? ''}
            onChange={(text) => change({ search: text || undefined })}
          />
        </div>
        <EnvironmentSelect
          environments={project.environments}
          value={environment.key}
          onChange={(next) => change({ environment: next })}
        />
      </search>
      <div className="rounded-md border border-line bg-surface" aria-busy={segments.isFetching}>
        <Loaded from={segments} what={t`the segments`}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState
                title={
                  search.search ? t`No segment matches “${search.search}”` : t`No segment in ${environment.name} yet`
                }
                text={
                  search.search
                    ? t`The search looks at keys and names.`
                    : t`A segment is a group of users with a name, such as beta testers: by a condition, by a list of up to a million keys, or both. Rules of flags ask whether someone is in it.`
                }
              />
            ) : (
              <ul aria-label={t`Segments`}>
                {items.map((segment) => (
                  <SegmentRow key={segment.key} project={key} environment={environment.key} segment={segment} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <More from={segments} label={t`Show more segments`} />
      </div>
      {search.create && (
        <SegmentDialog
          project={key}
          environment={environment}
          onClose={() => change({ create: undefined })}
          onSaved={(segment) => void navigate({ ...segmentPath(key, environment.key, segment), replace: true })}
        />
      )}
    </Page>
  );
}

interface SegmentRowProps {
  project: string;
  environment: string;
  segment: Segment;
}

function SegmentRow({ project, environment, segment }: SegmentRowProps) {
  const { key, name, when, includedCount, excludedCount } = segment;
  return (
    <li className="border-line border-b last:border-b-0">
      <Link
        {...segmentPath(project, environment, key)}
        className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-hover"
      >
        <span className="flex min-w-0 flex-1 basis-72 flex-col">
          <span className="flex min-w-0 items-baseline gap-2">
            <span className="min-w-24 shrink-0 max-w-[70%] truncate font-medium font-mono">{key}</span>
            {name !== key && <span className="truncate text-ink-2 text-xs">{name}</span>}
          </span>
          <span className="line-clamp-2 break-words text-ink-3 text-xs">
            {when === undefined ? t`No condition: its keys alone decide` : describeCondition(when)}
          </span>
        </span>
        {includedCount > 0 && <Badge>{plural(includedCount, { one: '# key', other: '# keys' })}</Badge>}
        {excludedCount > 0 && <Badge look="muted">{t`${formatNumber(excludedCount)} excluded`}</Badge>}
      </Link>
    </li>
  );
}
