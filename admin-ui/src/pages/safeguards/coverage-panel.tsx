import type { MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ShieldPlus } from 'lucide-react';
import { coverageQuery, type GuardedPlace } from '../../api/safeguards.ts';
import type { Sight } from '../../api/types.ts';
import { flagPath } from '../../paths.ts';
import { useStandardSet } from '../../safeguards/use-standard-set.ts';
import { Button } from '../../ui/button.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const freshMs = 10_000;

const nothing: Readonly<Record<Sight, MessageDescriptor>> = {
  watched: msg`No flag that is on is watched by anything that would see harm at the moment.`,
  blind: msg`No flag is watched in vain.`,
  unwatched: msg`Every flag that is on is watched.`,
};

interface CoveragePanelProps {
  place: GuardedPlace;
  sight: Sight;
  mayWrite: boolean;
  onSight: (sight: Sight) => void;
}

/** Which of the flags that are on are watched, of which nothing would be seen, and which nobody watches. */
export function CoveragePanel({ place, sight, mayWrite, onSight }: CoveragePanelProps) {
  const coverage = useInfiniteQuery({ ...coverageQuery(place, sight), refetchInterval: freshMs });
  const standard = useStandardSet(place);
  const [first] = coverage.data?.pages ?? [];
  const label = (name: string, count: number | undefined) => (
    <span className="tabular-nums">
      {name}
      {count !== undefined && ` ${formatNumber(count)}`}
    </span>
  );
  return (
    <Panel
      title={t`Coverage`}
      note={t`Of the flags that are on.`}
      actions={
        <Segmented
          label={t`Which flags`}
          value={sight}
          options={[
            { value: 'watched', label: label(t`Watched`, first?.watched) },
            { value: 'blind', label: label(t`Blind`, first?.blind) },
            { value: 'unwatched', label: label(t`Unwatched`, first?.unwatched) },
          ]}
          onChange={onSight}
        />
      }
    >
      <Loaded from={coverage} what={t`the coverage`}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="px-4 py-3.5 text-ink-3 text-xs">{t(nothing[sight])}</p>;
          return (
            <>
              <ul aria-label={t`Flags by coverage`}>
                {items.map(({ flag, safeguards, why }) => (
                  <li
                    key={flag}
                    className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5 last:border-b-0"
                  >
                    <div className="min-w-0 flex-1 basis-64">
                      <Link {...flagPath(place.project, flag)} className="break-all font-mono text-xs hover:underline">
                        {flag}
                      </Link>
                      {why !== null && <p className="break-words text-ink-2 text-xs">{why}</p>}
                    </div>
                    {safeguards > 0 && (
                      <span className="text-ink-3 text-xs tabular-nums">
                        {plural(safeguards, { one: '# safeguard', other: '# safeguards' })}
                      </span>
                    )}
                    {sight === 'unwatched' && mayWrite && (
                      <Button
                        look="quiet"
                        aria-label={t`Watch ${flag}`}
                        busy={standard.isPending && standard.variables === flag}
                        onClick={() => standard.mutate(flag)}
                      >
                        <Trans>
                          <ShieldPlus aria-hidden />
                          Watch
                        </Trans>
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
              <More from={coverage} label={t`Show more flags`} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
