import { plural, t } from '@lingui/core/macro';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { flagsQuery } from '../../api/flags.ts';
import { useMay, useMayForCertain, useMaySomewhere } from '../../api/permissions.ts';
import { releasedFlagsQuery } from '../../api/releases.ts';
import type { Flag, Project } from '../../api/types.ts';
import { useToggle } from '../../flags/use-toggle.tsx';
import type { FlagsSearch } from '../../searches.ts';
import { classNames } from '../../ui/class-names.ts';
import { TryAgain } from '../../ui/try-again.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { filterOf } from './flag-filter.ts';
import { FlagListHead } from './flag-list-head.tsx';
import { FlagListSkeleton } from './flag-list-skeleton.tsx';
import { FlagRow } from './flag-row.tsx';
import { NoFlags } from './no-flags.tsx';
import { estimateRowPx, gridColumns, gridMinWidth } from './table-shape.ts';
import { useChosen } from './use-chosen.ts';
import { VirtualRows } from './virtual-rows.tsx';

interface FlagListProps {
  project: Project;
  search: FlagsSearch;
  onChange: (part: FlagsSearch) => void;
}

const none: readonly Flag[] = [];

export function FlagList({ project, search, onChange }: FlagListProps) {
  const { key, environments } = project;
  const may = useMay(key);
  const maySomewhere = useMaySomewhere(project);
  const toggling = useToggle(key);
  const mayReadReleases = useMayForCertain(key)('release:read');
  const releases = useQuery({ ...releasedFlagsQuery(key), enabled: mayReadReleases });
  const list = useInfiniteQuery({
    ...flagsQuery(key, filterOf(search)),
    placeholderData: keepPreviousData,
  });
  // Not by `select`: that compares the flags of one search with those of another, one by one.
  const pages = list.data?.pages;
  const flags = useMemo(() => pages?.flatMap((page) => page.items) ?? none, [pages]);
  const chosen = useChosen(flags);
  if (list.isPending) return <FlagListSkeleton environments={environments.length} />;
  if (list.isLoadingError) {
    return <TryAgain title={t`The flags cannot be listed`} error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (flags.length === 0) return <NoFlags project={key} search={search} onChange={onChange} />;
  // While pages are missing the server's count holds their places; with the last one it is known.
  const count = list.hasNextPage ? Math.max(list.data.pages.at(-1)?.matching ?? 0, flags.length) : flags.length;
  const mayChoose = may('flag:write') || may('flag:archive') || maySomewhere('targeting:write');
  return (
    <>
      <p className="-mb-2 text-ink-3 text-xs" role="status" aria-label={t`How many`}>
        {plural(count, { one: '# flag', other: '# flags' })}
      </p>
      <div
        className={classNames(
          'rounded-md border border-line bg-surface transition-opacity max-md:overflow-hidden md:overflow-x-auto',
          list.isPlaceholderData && 'opacity-60 delay-150',
        )}
      >
        <div
          className="md:min-w-(--table-width)"
          style={{ '--columns': gridColumns(environments.length), '--table-width': gridMinWidth(environments.length) }}
        >
          <FlagListHead
            environments={environments}
            loaded={flags.length}
            chosen={chosen.flags.length}
            onChooseAll={mayChoose ? (all) => chosen.chooseOnly(all ? flags.map((flag) => flag.key) : []) : undefined}
          />
          <VirtualRows
            label={t`Flags`}
            items={flags}
            count={count}
            keyOf={(flag) => flag.key}
            estimatePx={estimateRowPx(environments.length)}
            isBusy={list.isFetching}
            onNearEnd={() => void list.fetchNextPage()}
          >
            {(flag) => (
              <FlagRow
                project={key}
                flag={flag}
                environments={environments}
                releases={releases.data?.get(flag.key)?.join('\n') ?? ''}
                pendingIn={toggling.pendingIn(flag.key)}
                onToggle={toggling.request}
                isChosen={chosen.keys.has(flag.key)}
                onChoose={mayChoose ? chosen.choose : undefined}
              />
            )}
          </VirtualRows>
        </div>
      </div>
      {list.isFetchNextPageError && (
        <TryAgain
          title={t`The next flags cannot be listed`}
          error={list.error}
          onRetry={() => void list.fetchNextPage()}
        />
      )}
      <BulkBar project={project} chosen={chosen} archived={search.archived === true} />
      {toggling.question}
    </>
  );
}
