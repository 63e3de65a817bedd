import { msg, plural, t } from '@lingui/core/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { instancesQuery } from '../../api/instances.ts';
import type { InstanceGroup } from '../../api/types.ts';
import type { InstancesSearch } from '../../searches.ts';
import { classNames } from '../../ui/class-names.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { VirtualRows } from '../flags/virtual-rows.tsx';
import { fitting, tallyAll, totalOf } from './census.ts';
import { InstanceRow, instanceColumns } from './instance-row.tsx';

const heads = [msg`Instance`, msg`Runs`, msg`Connected`, msg`Data`];

interface InstanceListProps {
  project: string;
  environment: string;
  filter: Omit<InstancesSearch, 'environment'>;
  groups: readonly InstanceGroup[];
  keyNames: ReadonlyMap<string, string>;
}

/** The instances that a filter leaves, by id. Rows exist near the screen alone. */
export function InstanceList({ project, environment, filter, groups, keyNames }: InstanceListProps) {
  const instances = useInfiniteQuery({
    ...instancesQuery(project, environment, filter),
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  return (
    <Loaded from={instances} what={t`the instances`}>
      {(items) => {
        // What the server counts holds the places of those that are not loaded, where it counts by what is asked for.
        const isCounted = filter.search === undefined && filter.behind === undefined;
        const counted = isCounted ? totalOf(tallyAll(fitting(groups, filter))) : 0;
        const count = instances.hasNextPage ? Math.max(counted, items.length + 1) : items.length;
        return (
          <section aria-label={t`Instances`} className="flex flex-col gap-2">
            <p role="status" aria-label={t`How many`} className="text-ink-3 text-xs">
              {instances.hasNextPage && !isCounted
                ? t`More than ${plural(items.length, { one: '# instance', other: '# instances' })}`
                : plural(count, { one: '# instance', other: '# instances' })}
            </p>
            {items.length === 0 ? (
              <p className="rounded-md border border-line bg-surface px-4 py-6 text-center text-ink-3">
                {filter.behind ? t`No instance lacks the newest revision` : t`No instance is like this`}.
              </p>
            ) : (
              <div
                className={classNames(
                  'overflow-hidden rounded-md border border-line bg-surface transition-opacity',
                  instances.isPlaceholderData && 'opacity-60',
                )}
              >
                <div
                  aria-hidden
                  className={classNames(
                    'gap-x-4 border-line border-b bg-sunken px-4 py-1.5 font-medium text-2xs text-ink-3 max-md:hidden md:grid',
                    instanceColumns,
                  )}
                >
                  {heads.map((head) => (
                    <span key={t(head)}>{t(head)}</span>
                  ))}
                </div>
                <VirtualRows
                  label={t`Instances`}
                  items={items}
                  count={count}
                  keyOf={({ id }) => id}
                  estimatePx={window.matchMedia('(min-width: 48rem)').matches ? 56 : 98}
                  isBusy={instances.isFetching}
                  onNearEnd={() => void instances.fetchNextPage()}
                >
                  {(instance) => (
                    <InstanceRow instance={instance} keyName={instance.key ? keyNames.get(instance.key) : undefined} />
                  )}
                </VirtualRows>
              </div>
            )}
            {instances.isFetchNextPageError && (
              <TryAgain
                title={t`The next instances cannot be listed`}
                error={instances.error}
                onRetry={() => void instances.fetchNextPage()}
              />
            )}
          </section>
        );
      }}
    </Loaded>
  );
}
