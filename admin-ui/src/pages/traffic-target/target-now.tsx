import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TrafficState } from '../../api/types.ts';
import { formatPercent } from '../../flags/weights.ts';
import { releasePath } from '../../paths.ts';
import { countWords } from '../../traffic/count-words.ts';
import { ShareBar } from '../../traffic/share-bar.tsx';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';

const sides = ['candidate', 'baseline'] as const;

/** How requests are divided now, by what the target itself says, and what steers it. */
export function TargetNow({ project, state }: { project: string; state: UseQueryResult<TrafficState> }) {
  return (
    <Panel title={t`Now`} note={t`As it says itself, asked every few seconds.`}>
      <Loaded from={state} what={t`how it divides requests`}>
        {(now) => (
          <div className="flex flex-col gap-3 px-4 py-3">
            {now.problem !== null && <Notice title={t`It has a problem`}>{now.problem}</Notice>}
            {now.release && (
              <p className="min-w-0 break-words">
                <Trans>
                  Release{' '}
                  <Link {...releasePath(project, now.release.id)} className="rounded-xs text-link underline">
                    {now.release.title}
                  </Link>{' '}
                  steers it. Until that ends, it leads where it leads and is not deleted.
                </Trans>
              </p>
            )}
            <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-1.5 text-xs [&>dt]:text-ink-3">
              <dt>
                <Trans>Candidate gets</Trans>
              </dt>
              <dd>
                <ShareBar per100k={now.candidatePer100k} />
              </dd>
              {now.shadowPer100k !== null && now.shadowPer100k > 0 && (
                <>
                  <dt>
                    <Trans>Copies</Trans>
                  </dt>
                  <dd className="tabular-nums">
                    <Trans>{formatPercent(now.shadowPer100k)} of the baseline's requests</Trans>
                  </dd>
                </>
              )}
              {sides.map((side) => (
                <SideFacts key={side} side={side} state={now} />
              ))}
              <dt>
                <Trans>Read in</Trans>
              </dt>
              <dd className="tabular-nums">
                {formatDuration(now.ms)}
                {now.fence !== null && (
                  <span className="text-ink-3">
                    <Trans>, fence {formatNumber(now.fence)}</Trans>
                  </span>
                )}
              </dd>
            </dl>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

function SideFacts({ side, state: { up, counts } }: { side: (typeof sides)[number]; state: TrafficState }) {
  const words = [
    up && t`${plural(up[side], { one: '# instance', other: '# instances' })} up`,
    counts && countWords(counts[side]),
  ].filter((part) => part !== null);
  if (words.length === 0) return null;
  return (
    <>
      <dt className="capitalize">{side}</dt>
      <dd className="text-ink-2 tabular-nums">{words.join(', ')}</dd>
    </>
  );
}
