import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { KillTimeline } from '../api/types.ts';
import { formatDuration } from '../ui/format.ts';
import { timelineSteps } from './timeline-steps.ts';

/** The way of a kill, moment by moment, and who is still to obey. */
export function TimelineSteps({ timeline }: { timeline: KillTimeline }) {
  const { receipts } = timeline;
  return (
    <>
      <ol className="my-1.5 flex w-fit max-w-full flex-col border-line border-s-2 ps-3">
        {timelineSteps(timeline).map(({ label, offsetMs }) => (
          <li key={label} className="flex gap-3">
            <span className="w-20 shrink-0 text-end text-ink-2 tabular-nums">
              {offsetMs === 0 ? t`0 ms` : `${offsetMs < 0 ? '−' : '+'}${formatDuration(Math.abs(offsetMs))}`}
            </span>
            <span>{label}</span>
          </li>
        ))}
      </ol>
      {receipts && receipts.stragglers.length > 0 && (
        <p>
          <Trans>
            Without a receipt: {receipts.stragglers.map(({ id, app, host }) => app ?? host ?? id).join(', ')}.
          </Trans>
        </p>
      )}
      {receipts && receipts.incomplete.length > 0 && (
        <p>
          <Trans>Servers that did not answer: {receipts.incomplete.join(', ')}.</Trans>
        </p>
      )}
    </>
  );
}
