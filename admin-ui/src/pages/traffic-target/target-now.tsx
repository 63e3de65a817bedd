import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TrafficState } from '../../api/types.ts';
import { formatPercent } from '../../flags/weights.ts';
import { releasePath } from '../../paths.ts';
import { countWords } from '../../traffic/count-words.ts';
import { ShareBar } from '../../traffic/share-bar.tsx';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';

const sides = ['candidate', 'baseline'] as const;
const sideNames = { candidate: msg`Candidate`, baseline: msg`Baseline` } as const;

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
            <FactList>
              <Fact name={t`Candidate gets`}>
                <ShareBar per100k={now.candidatePer100k} />
              </Fact>
              {now.shadowPer100k !== null && now.shadowPer100k > 0 && (
                <Fact name={t`Copies`}>
                  <Trans>{formatPercent(now.shadowPer100k)} of the baseline's requests</Trans>
                </Fact>
              )}
              {sides.map((side) => (
                <SideFact key={side} side={side} state={now} />
              ))}
              <Fact name={t`Read in`}>
                {formatDuration(now.ms)}
                {now.fence !== null && (
                  <span className="ms-2 text-ink-3">
                    <Trans>fence {formatNumber(now.fence)}</Trans>
                  </span>
                )}
              </Fact>
            </FactList>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

function SideFact({ side, state: { up, counts } }: { side: keyof typeof sideNames; state: TrafficState }) {
  const words = [
    up && t`${plural(up[side], { one: '# instance', other: '# instances' })} up`,
    counts && countWords(counts[side]),
  ].filter((part) => part !== null);
  return words.length === 0 ? null : <Fact name={t(sideNames[side])}>{words.join(', ')}</Fact>;
}
