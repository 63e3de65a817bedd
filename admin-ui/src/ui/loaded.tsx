import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { capitalized } from './format.ts';
import { LoadingNote, Skeleton } from './skeleton.tsx';
import { TryAgain } from './try-again.tsx';

/** As much of a query as its states take. */
interface Loading<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

interface LoadedProps<Data> {
  from: Loading<Data>;
  /** Such as "the audit events". */
  what: string;
  children: (data: Data) => ReactNode;
}

/** What was read; its place while it comes; why it cannot be shown. */
export function Loaded<Data>({ from, what, children }: LoadedProps<Data>) {
  if (from.data !== undefined) return children(from.data);
  if (from.isPending) {
    return (
      <div className="flex flex-col gap-3 px-4 py-3.5">
        <LoadingNote what={what} />
        <Skeleton className="w-80 max-w-full" />
        <Skeleton className="w-64 max-w-full" />
        <Skeleton className="w-72 max-w-full" />
      </div>
    );
  }
  return (
    <div className="p-3">
      <TryAgain
        title={capitalized(t`${what} cannot be shown`)}
        error={from.error}
        onRetry={() => void from.refetch()}
      />
    </div>
  );
}

interface MoreProps {
  from: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    readonly error: unknown;
    readonly fetchNextPage: () => unknown;
  };
  /** Of the button: "Show older events". */
  label: string;
}

/** Asks for the next of a long list, where there is more. */
export function More({ from, label }: MoreProps) {
  if (!from.hasNextPage) return null;
  return (
    <div className="border-line border-t p-2 text-center print:hidden">
      {from.isFetchNextPageError ? (
        <TryAgain title={t`The next cannot be shown`} error={from.error} onRetry={() => void from.fetchNextPage()} />
      ) : (
        <Button look="quiet" busy={from.isFetchingNextPage} onClick={() => void from.fetchNextPage()}>
          {label}
        </Button>
      )}
    </div>
  );
}
