import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type SignalFilter, signalsQuery } from '../../api/signals.ts';
import type { SignalSource } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { SignalRow } from './signal-row.tsx';

const refreshMs = 5_000;

const states = [
  { value: '', label: msg`All` },
  { value: 'matched', label: msg`Matched` },
  { value: 'unmatched', label: msg`Unmatched` },
  { value: 'malformed', label: msg`Malformed` },
] as const;

interface InboxProps {
  project: string;
  source: SignalSource;
  mayWrite: boolean;
  filter: SignalFilter;
  onFilter: (filter: SignalFilter) => void;
}

/** What a source sent, newest first, and what came of each. */
export function Inbox({ project, source, mayWrite, filter, onFilter }: InboxProps) {
  const signals = useInfiniteQuery({
    ...signalsQuery(project, source.key, filter),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
  const isNarrowed = filter.search !== undefined || filter.state !== undefined;
  const items = signals.data?.pages.flatMap((page) => page.items);
  return (
    <Panel title={t`Inbox of ${source.name}`} note={t`Everything that was believed, as it came.`}>
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2.5">
        <div className="min-w-0 flex-1 basis-56">
          <SearchBox
            label={t`Find signals`}
            value={filter.search ?? ''}
            onChange={(search) => onFilter({ ...filter, search: search === '' ? undefined : search })}
          />
        </div>
        <Segmented
          label={t`State`}
          value={filter.state ?? ''}
          options={states}
          onChange={(state) => onFilter({ ...filter, state: state === '' ? undefined : state })}
        />
      </div>
      {signals.isPending && (
        <div className="px-4 py-3.5">
          <LoadingNote what={t`signals`} />
          <Skeleton className="w-72 max-w-full" />
        </div>
      )}
      {signals.isLoadingError && (
        <div className="p-3">
          <TryAgain
            title={t`The signals cannot be listed`}
            error={signals.error}
            onRetry={() => void signals.refetch()}
          />
        </div>
      )}
      {items?.length === 0 && (
        <p role="status" className="px-4 py-3.5 text-ink-3 text-xs">
          {isNarrowed
            ? t`No such signal is kept.`
            : t`It has sent nothing yet. Let ${source.vendor} send a test: it appears here within seconds.`}
        </p>
      )}
      {items && items.length > 0 && (
        <ul aria-label={t`Signals`}>
          {items.map((signal) => (
            <SignalRow key={signal.id} {...{ source, signal, mayWrite }} />
          ))}
        </ul>
      )}
      {signals.hasNextPage && (
        <div className="px-4 py-2.5">
          <Button look="quiet" busy={signals.isFetchingNextPage} onClick={() => void signals.fetchNextPage()}>
            <Trans>Show older signals</Trans>
          </Button>
        </div>
      )}
    </Panel>
  );
}
