import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { releasesQuery } from '../../api/releases.ts';
import type { Project, Release } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { formatPercent } from '../../flags/weights.ts';
import { type ReleasesSearch, releasePath } from '../../paths.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import { isMoving } from '../../releases/phase.ts';
import { PhaseBadge } from '../../releases/phase-badge.tsx';
import { describeMoved, isOfFlagsAlone, strategyNames } from '../../releases/strategy.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';

/** How often the list is read anew: while something moves, and else. */
const movingMs = 2_000;
const stillMs = 10_000;

interface ReleaseListProps {
  project: Project;
  search: ReleasesSearch;
  onClear: () => void;
}

export function ReleaseList({ project, search, onClear }: ReleaseListProps) {
  const releases = useInfiniteQuery({
    ...releasesQuery(project.key, search),
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isMoving)) ? movingMs : stillMs),
  });
  const items = releases.data?.pages.flatMap((page) => page.items);
  const isNarrowed = search.environment !== undefined || search.phase !== undefined;
  if (releases.isLoadingError) {
    return (
      <TryAgain title="The releases cannot be listed" error={releases.error} onRetry={() => void releases.refetch()} />
    );
  }
  return (
    <section aria-label="Releases" className="rounded-md border border-line bg-surface">
      {releases.isPending && (
        <div className="flex flex-col gap-4 px-4 py-4">
          <LoadingNote what="releases" />
          <Skeleton className="w-72 max-w-full" />
          <Skeleton className="w-60 max-w-full" />
        </div>
      )}
      {items?.length === 0 && isNarrowed && (
        <EmptyState title="No release is like this" text="Releases in other environments or phases are not shown.">
          <Button onClick={onClear}>Show all releases</Button>
        </EmptyState>
      )}
      {items?.length === 0 && !isNarrowed && (
        <EmptyState
          title="No release yet"
          text="A release takes flags, traffic or a database from how they are to how they are to be, stage by stage, waits where people must approve, and goes back by itself when something speaks against it."
        />
      )}
      {items && items.length > 0 && (
        <ul>
          {items.map((release) => (
            <ReleaseRow key={release.id} project={project} release={release} />
          ))}
        </ul>
      )}
      {releases.hasNextPage && (
        <div className="px-4 py-2.5">
          <Button look="quiet" busy={releases.isFetchingNextPage} onClick={() => void releases.fetchNextPage()}>
            Show older releases
          </Button>
        </div>
      )}
    </section>
  );
}

function ReleaseRow({ project, release }: { project: Project; release: Release }) {
  const environment = project.environments.find(({ key }) => key === release.environment);
  const share = release.flags[0]?.weightPer100k;
  return (
    <li className="relative flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0 hover:bg-hover">
      <div className="min-w-0 flex-1 basis-64">
        <Link
          {...releasePath(project.key, release.id)}
          className="block truncate font-medium after:absolute after:inset-0"
          title={release.title}
        >
          {release.title}
        </Link>
        <p className="truncate text-ink-3 text-xs">
          {strategyNames[release.strategy]}: <span className="font-mono">{describeMoved(release)}</span>
        </p>
      </div>
      {environment ? <EnvironmentName environment={environment} /> : release.environment}
      <PhaseBadge release={release} />
      <span className="w-24 text-ink-2 text-xs tabular-nums">
        {isMoving(release) && `stage ${release.stage + 1} of ${release.stages.length}`}
      </span>
      <span
        className="min-w-14 max-w-52 text-right text-ink-2 text-xs tabular-nums"
        title="What of the candidate is out"
      >
        {isOfFlagsAlone(release)
          ? typeof share === 'number' && formatPercent(share)
          : release.set && describeExposure(release.set)}
      </span>
      <span className="w-24 text-right text-ink-3 text-xs">
        <RelativeTime at={release.updatedAt} />
      </span>
    </li>
  );
}
