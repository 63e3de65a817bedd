import { t } from '@lingui/core/macro';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { gridColumns } from './table-shape.ts';

/** The list before it is there: rows of the same height, so that nothing jumps. */
export function FlagListSkeleton({ environments }: { environments: number }) {
  return (
    <div
      className="overflow-hidden rounded-md border border-line bg-surface"
      style={{ '--columns': gridColumns(environments) }}
    >
      <LoadingNote what={t`flags`} />
      <div className="hidden h-8.5 border-line border-b bg-sunken md:block" />
      {Array.from({ length: 8 }, (_, row) => (
        <div
          key={row}
          className="h-12 items-center border-line border-b px-4 last:border-b-0 max-md:flex md:grid md:grid-cols-(--columns) md:px-0"
        >
          <span className="max-md:hidden" />
          <div className="md:ps-1">
            <Skeleton className={['w-40', 'w-56', 'w-32', 'w-48'][row % 4] ?? 'w-40'} />
          </div>
          {Array.from({ length: environments }, (_, column) => (
            <div key={column} className="hidden px-3 md:block">
              <Skeleton className="h-4.5 w-20 rounded-full" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
