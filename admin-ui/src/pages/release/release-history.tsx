import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { exposureHistoryQuery } from '../../api/releases.ts';
import type { Release } from '../../api/types.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import { exposureHistory, type ShareField } from '../../releases/exposure-history.ts';
import { isMoving } from '../../releases/phase.ts';
import { releaseSentence } from '../../releases/release-sentence.ts';
import { LinePlot } from '../../ui/line-plot.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TryAgain } from '../../ui/try-again.tsx';

const looks: Readonly<Record<ShareField, { readonly name: string; readonly color: string }>> = {
  trafficPer100k: { name: 'traffic', color: 'var(--color-series-2)' },
  shadowPer100k: { name: 'copies', color: 'var(--color-series-6)' },
  flagsPer100k: { name: 'flags', color: 'var(--color-series-1)' },
};

/** Until now, in steps: the curve is not drawn anew with each look. */
const stepMs = 10_000;

interface ReleaseHistoryProps {
  project: string;
  release: Release;
  /** Milliseconds since 1970, UTC. */
  nowMs: number;
}

/** How much a release had out over time, as it was set: curves, and a table of what set it. */
export function ReleaseHistory({ project, release, nowMs }: ReleaseHistoryProps) {
  const { data, error, isLoadingError, refetch } = useQuery(exposureHistoryQuery(project, release.id, release.version));
  const untilMs = isMoving(release) ? Math.ceil(nowMs / stepMs) * stepMs : Date.parse(release.updatedAt);
  const history = useMemo(() => data && exposureHistory(data, untilMs), [data, untilMs]);
  const series = useMemo(
    () => history?.curves.map(({ field, percents }) => ({ ...looks[field], values: percents })) ?? [],
    [history],
  );
  if (isLoadingError) {
    return <TryAgain title={t`What was out over time cannot be shown`} error={error} onRetry={() => void refetch()} />;
  }
  // Nothing was ever out: the stages say so.
  if (!history || series.length === 0) return null;
  return (
    <Panel title={t`Over time`} note={t`What was set, and when; in UTC.`}>
      <div className="flex min-w-0 flex-col gap-2 px-4 py-3 text-xs">
        <ul className="flex flex-wrap gap-x-3 text-ink-2">
          {series.map(({ name, color }) => (
            <li key={name} className="flex items-center gap-1">
              <span className="h-1 w-3 rounded-full" style={{ background: color }} aria-hidden />
              {name}
            </li>
          ))}
        </ul>
        <LinePlot
          label={t`Shares of the candidate over time`}
          times={history.times}
          series={series}
          max={100}
          format={percent}
        />
        <details>
          <summary className="w-fit cursor-pointer rounded-xs text-ink-2 hover:text-ink">
            <Trans>As a table</Trans>
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section aria-label={t`What was set`} tabIndex={0} className="mt-1 max-h-72 overflow-auto">
            <table className="tabular-nums [&_td]:pe-5 [&_td]:align-top [&_th]:pe-5 [&_th]:text-start">
              <thead>
                <tr>
                  <th scope="col">
                    <Trans>At (UTC)</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Out from then on</Trans>
                  </th>
                  <th scope="col">
                    <Trans>Decision</Trans>
                  </th>
                </tr>
              </thead>
              <tbody>
                {history.changes.toReversed().map(({ id, at, set, decision }) => (
                  <tr key={id}>
                    <td className="whitespace-nowrap">{at.slice(0, 19).replace('T', ' ')}</td>
                    <td className="whitespace-nowrap">{describeExposure(set)}</td>
                    <td className="min-w-48">{releaseSentence(decision)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
      </div>
    </Panel>
  );
}

function percent(value: number): string {
  return `${value}%`;
}
