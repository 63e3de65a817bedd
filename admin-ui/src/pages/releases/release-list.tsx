import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReleaseFilter, releasesQuery } from '../../api/releases.ts';
import type { Project, Release } from '../../api/types.ts';
import { isMoving } from '../../releases/phase.ts';
import type { ReleasesSearch } from '../../searches.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { ReleaseRow } from './release-row.tsx';

/** How often a list is read anew: while something in it moves, and else. */
const movingMs = 2_000;
const stillMs = 10_000;

interface ReleaseListProps {
  project: Project;
  search: ReleasesSearch;
  onClear: () => void;
}

/** What is under way on top, where no phase is asked for; then all others, newest first, page by page. */
export function ReleaseList({ project, search, onClear }: ReleaseListProps) {
  const isOfAllPhases = search.phase === undefined;
  const running = useReleases(project.key, { ...search, underWay: true }, isOfAllPhases);
  const others = useReleases(project.key, isOfAllPhases ? { ...search, underWay: false } : search, true);
  const ofRunning = isOfAllPhases ? itemsOf(running.data) : [];
  const isNarrowed = Object.values(search).some((value) => value !== undefined);
  return (
    <>
      {ofRunning.length > 0 && (
        <section aria-label={t`Under way`} className="overflow-hidden rounded-md border border-line bg-surface">
          <ListHead>{t`Under way`}</ListHead>
          <Rows project={project} releases={ofRunning} />
          <More from={running} label={t`Show more under way`} />
        </section>
      )}
      <section aria-label={t`Releases`} className="overflow-hidden rounded-md border border-line bg-surface">
        <Loaded from={others} what={t`the releases`}>
          {(data) => {
            const releases = itemsOf(data);
            if (releases.length > 0) {
              return (
                <>
                  {ofRunning.length > 0 && <ListHead>{t`Drafts, and what has ended`}</ListHead>}
                  <Rows project={project} releases={releases} />
                </>
              );
            }
            if (ofRunning.length > 0)
              return (
                <p className="px-4 py-3.5 text-ink-3 text-xs">
                  <Trans>Nothing else.</Trans>
                </p>
              );
            return <NoRelease isNarrowed={isNarrowed} onClear={onClear} />;
          }}
        </Loaded>
        <More from={others} label={t`Show older releases`} />
      </section>
    </>
  );
}

function useReleases(project: string, filter: ReleaseFilter, enabled: boolean) {
  return useInfiniteQuery({
    ...releasesQuery(project, filter),
    enabled,
    refetchInterval: ({ state }) => (itemsOf(state.data).some(isMoving) ? movingMs : stillMs),
  });
}

function itemsOf(data: { readonly pages: readonly { readonly items: readonly Release[] }[] } | undefined) {
  return data?.pages.flatMap(({ items }) => items) ?? [];
}

function ListHead({ children }: { children: string }) {
  return <h2 className="border-line border-b px-4 py-2 font-semibold text-sm">{children}</h2>;
}

function Rows({ project, releases }: { project: Project; releases: readonly Release[] }) {
  return (
    <ul>
      {releases.map((release) => (
        <ReleaseRow key={release.id} project={project} release={release} />
      ))}
    </ul>
  );
}

function NoRelease({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  return isNarrowed ? (
    <EmptyState
      title={t`No release is like this`}
      text={t`Releases with other titles, environments or phases are not shown.`}
    >
      <Button onClick={onClear}>
        <Trans>Show all releases</Trans>
      </Button>
    </EmptyState>
  ) : (
    <EmptyState
      title={t`No release yet`}
      text={t`A release takes flags, traffic or a database from how they are to how they are to be, stage by stage, waits where people must approve, and goes back by itself when something speaks against it.`}
    />
  );
}
