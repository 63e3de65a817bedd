import { useInfiniteQuery } from '@tanstack/react-query';
import { signalsQuery } from '../../api/signals.ts';
import type { SignalSource } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { SignalRow } from './signal-row.tsx';

const refreshMs = 5_000;

/** What a source sent, newest first, and what came of each. */
export function Inbox({ project, source }: { project: string; source: SignalSource }) {
  const signals = useInfiniteQuery({ ...signalsQuery(project, source.key), refetchInterval: refreshMs });
  const items = signals.data?.pages.flatMap((page) => page.items);
  return (
    <Panel title={`Inbox of ${source.name}`} note="Everything that was believed, as it came.">
      {signals.isPending && (
        <div className="px-4 py-3.5">
          <LoadingNote what="signals" />
          <Skeleton className="w-72 max-w-full" />
        </div>
      )}
      {signals.isLoadingError && (
        <div className="p-3">
          <TryAgain title="The signals cannot be listed" error={signals.error} onRetry={() => void signals.refetch()} />
        </div>
      )}
      {items?.length === 0 && (
        <p className="px-4 py-3.5 text-ink-3 text-xs">
          It has sent nothing yet. Let {source.vendor} send a test: it appears here within seconds.
        </p>
      )}
      {items && items.length > 0 && (
        <ul aria-label="Signals">
          {items.map((signal) => (
            <SignalRow key={signal.id} source={source.key} signal={signal} />
          ))}
        </ul>
      )}
      {signals.hasNextPage && (
        <div className="px-4 py-2.5">
          <Button look="quiet" busy={signals.isFetchingNextPage} onClick={() => void signals.fetchNextPage()}>
            Show older signals
          </Button>
        </div>
      )}
    </Panel>
  );
}
