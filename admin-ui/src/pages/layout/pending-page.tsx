import { Trans } from '@lingui/react/macro';
import { Skeleton } from '../../ui/skeleton.tsx';

/** Stands where a page will be while it is read, once that takes longer than a moment. */
export function PendingPage() {
  return (
    <div className="mx-auto flex w-full max-w-310 flex-col gap-4 px-4 py-6 sm:px-6 lg:px-8">
      <p className="sr-only" role="status">
        <Trans>Loading the page …</Trans>
      </p>
      <Skeleton className="h-5 w-48" />
      <Skeleton className="h-8 w-full" />
      <Skeleton className="h-48 w-full" />
    </div>
  );
}
