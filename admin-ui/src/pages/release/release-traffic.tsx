import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { asApiError } from '../../api/api-error.ts';
import { trafficStateQuery } from '../../api/releases.ts';
import type { Release } from '../../api/types.ts';
import { formatPercent } from '../../flags/weights.ts';
import { trafficTargetPath } from '../../paths.ts';
import { isMoving } from '../../releases/phase.ts';
import { countWords } from '../../traffic/count-words.ts';
import { ShareBar } from '../../traffic/share-bar.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';

interface ReleaseTrafficProps {
  project: string;
  release: Release;
  traffic: NonNullable<Release['traffic']>;
}

const movingMs = 5_000;
const stillMs = 30_000;

/** Which versions a release moves requests between, how many go where, and what divides them says of both. */
export function ReleaseTraffic({ project, release, traffic }: ReleaseTrafficProps) {
  const state = useQuery({
    ...trafficStateQuery(project, release.environment, traffic.target),
    refetchInterval: isMoving(release) ? movingMs : stillMs,
  });
  const seen = release.trafficPer100k;
  const wanted = release.set?.trafficPer100k;
  const problem = state.data?.problem ?? (state.error ? asApiError(state.error).message : undefined);
  const sides = (['candidate', 'baseline'] as const).map((side) => ({
    ...{ side, version: traffic[side], up: state.data?.up?.[side], counts: state.data?.counts?.[side] },
  }));
  return (
    <Panel
      title={t`Traffic`}
      note={
        <Trans>
          The share of requests at{' '}
          <Link
            {...trafficTargetPath(project, release.environment, traffic.target)}
            className="rounded-xs underline hover:text-ink"
          >
            {traffic.target}
          </Link>{' '}
          as it is divided now.
        </Trans>
      }
    >
      {problem !== undefined && (
        <div className="px-4 pt-3">
          <Notice title={t`${traffic.target} has a problem`}>{problem}</Notice>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
        <p className="flex min-w-0 flex-1 basis-56 items-center gap-1.5 font-mono text-ink-2 text-xs">
          <span className="truncate">{traffic.baseline}</span>
          <ArrowRight className="size-3 shrink-0 text-ink-3" aria-label={t`to`} />
          <span className="truncate text-ink">{traffic.candidate}</span>
        </p>
        {wanted !== undefined && seen !== null && wanted !== seen && (
          <span className="text-danger-ink text-xs">
            <Trans>is to be {formatPercent(wanted)}</Trans>
          </span>
        )}
        <ShareBar per100k={seen} />
      </div>
      {sides.some(({ up, counts }) => up !== undefined || counts !== undefined) && (
        <dl className="grid gap-x-6 gap-y-1 border-line border-t px-4 py-2.5 text-xs sm:grid-cols-2">
          {sides.map(({ side, version, up, counts }) => (
            <div key={side} className="flex flex-wrap gap-x-2">
              <dt className="text-ink-3">
                {side} <span className="font-mono">{version}</span>
              </dt>
              <dd className="text-ink-2 tabular-nums">
                {[
                  up !== undefined && t`${plural(up, { one: '# instance', other: '# instances' })} up`,
                  counts && countWords(counts),
                ]
                  .filter((part) => typeof part === 'string')
                  .join(', ')}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
