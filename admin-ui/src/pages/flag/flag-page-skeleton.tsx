import { t } from '@lingui/core/macro';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { Page } from '../layout/page-header.tsx';

export function FlagPageSkeleton() {
  return (
    <Page title={t`Flag`}>
      <LoadingNote what={t`the flag`} />
      <Skeleton className="w-28" />
      <Skeleton className="h-6 w-72" />
      <div className="grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr))]">
        {['first', 'second'].map((card) => (
          <div key={card} className="flex h-60 flex-col gap-4 rounded-md border border-line bg-surface p-4">
            <Skeleton className="w-36" />
            <Skeleton className="w-full" />
            <Skeleton className="w-2/3" />
          </div>
        ))}
      </div>
    </Page>
  );
}
