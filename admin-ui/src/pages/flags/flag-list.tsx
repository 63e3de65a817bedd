import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { asApiError } from '../../api/api-error.ts';
import { flagsQuery } from '../../api/flags.ts';
import type { Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { useToggle } from '../../flags/use-toggle.tsx';
import type { FlagsSearch } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Notice } from '../../ui/notice.tsx';
import { FlagListSkeleton } from './flag-list-skeleton.tsx';
import { FlagRow } from './flag-row.tsx';
import { NoFlags } from './no-flags.tsx';
import { gridColumns, gridMinWidth, headCellShape } from './table-shape.ts';

interface FlagListProps {
  project: Project;
  search: FlagsSearch;
  onChange: (part: FlagsSearch) => void;
}

export function FlagList({ project, search, onChange }: FlagListProps) {
  const { environments } = project;
  const toggling = useToggle(project.key);
  const list = useInfiniteQuery({
    ...flagsQuery(project.key, {
      search: search.search,
      type: search.type,
      archived: search.archived,
      sort: search.sort === 'recent' ? '-updatedAt' : undefined,
    }),
    placeholderData: keepPreviousData,
  });
  if (list.isPending) return <FlagListSkeleton environments={environments.length} />;
  if (list.isLoadingError) {
    return (
      <Notice
        title="The flags cannot be listed"
        actions={<Button onClick={() => void list.refetch()}>Try again</Button>}
      >
        {asApiError(list.error).message}
      </Notice>
    );
  }
  const flags = list.data.pages.flatMap((page) => page.items);
  if (flags.length === 0) return <NoFlags search={search} onChange={onChange} />;
  return (
    <>
      <div
        className={classNames(
          'overflow-x-auto rounded-md border border-line bg-surface transition-opacity',
          list.isPlaceholderData && 'opacity-60',
        )}
      >
        <div
          className="md:min-w-(--table-width)"
          style={{ '--columns': gridColumns(environments.length), '--table-width': gridMinWidth(environments.length) }}
        >
          <div aria-hidden className="hidden border-line border-b bg-sunken md:grid md:grid-cols-(--columns)">
            <span className={classNames(headCellShape, 'pl-4')}>Flag</span>
            {environments.map((environment) => (
              <span
                key={environment.key}
                className={classNames(
                  headCellShape,
                  environment.production && 'border-production-line border-x bg-production-soft',
                )}
              >
                <EnvironmentName environment={environment} />
              </span>
            ))}
            <span className={headCellShape}>Changed</span>
          </div>
          <ul aria-label="Flags" aria-busy={list.isFetching}>
            {flags.map((flag) => (
              <FlagRow
                key={flag.key}
                project={project.key}
                flag={flag}
                environments={environments}
                pendingIn={toggling.pendingIn(flag.key)}
                onToggle={toggling.request}
              />
            ))}
          </ul>
        </div>
      </div>
      {list.hasNextPage && (
        <Button className="self-center" onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
          Show more
        </Button>
      )}
      {toggling.question}
    </>
  );
}
