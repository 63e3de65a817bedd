import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import type { Release } from '../../api/types.ts';
import { formatPercent, percentOf } from '../../flags/weights.ts';
import { flagPath } from '../../paths.ts';
import { Panel } from '../../ui/panel.tsx';

/** Which flags a release moves, from what to what, and how far each is: read from what is served, not from the plan. */
export function ReleaseFlags({ project, release }: { project: string; release: Release }) {
  return (
    <Panel title={t`Flags`} note={t`The share of the candidate as it is served now.`}>
      <ul>
        {release.flags.map(({ flag, baseline, candidate, rule, weightPer100k }) => (
          <li
            key={flag}
            className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-line border-b px-4 py-2.5 last:border-b-0"
          >
            <div className="min-w-0 flex-1 basis-56">
              <Link {...flagPath(project, flag)} className="block truncate font-mono font-medium hover:underline">
                {flag}
              </Link>
              {rule !== undefined && (
                <p className="truncate text-ink-3 text-xs">
                  <Trans>who matches rule {rule}</Trans>
                </p>
              )}
            </div>
            <p className="flex min-w-0 max-w-full items-center gap-1.5 font-mono text-ink-2 text-xs">
              <span className="truncate" title={baseline}>
                {baseline}
              </span>
              <ArrowRight className="size-3 shrink-0 text-ink-3" aria-label={t`to`} />
              <span className="min-w-8 truncate text-ink" title={candidate}>
                {candidate}
              </span>
            </p>
            <div className="flex w-44 items-center gap-2">
              <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-line">
                <span className="block h-full bg-accent" style={{ width: `${percentOf(weightPer100k ?? 0)}%` }} />
              </span>
              <span className="w-16 text-end text-xs tabular-nums">
                {weightPer100k === null ? t`not known` : formatPercent(weightPer100k)}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
