import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMemo } from 'react';
import type { Binding, Matcher, SignalAlert } from '../../api/types.ts';
import { formatNumber } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { sayAction, targetWords } from './binding-words.ts';
import { mismatchOf } from './label-match.ts';

/** So many are listed. */
const shown = 4;

interface KeptMatchesProps {
  /** That began, newest first. */
  alerts: readonly SignalAlert[];
  match: readonly Matcher[];
  targets: Binding['targets'];
  action: Binding['action'];
}

/** What matchers would have meant of the alerts that were kept, while they are typed. */
export function KeptMatches({ alerts, match, targets, action }: KeptMatchesProps) {
  const { meant, missed } = useMemo(() => {
    const judge = mismatchOf(match);
    const judged = alerts.map((alert) => ({ alert, mismatch: judge(alert.labels) }));
    return {
      meant: judged.filter(({ mismatch }) => mismatch === undefined),
      missed: judged.filter(({ mismatch }) => mismatch !== undefined),
    };
  }, [alerts, match]);
  if (alerts.length === 0) {
    return (
      <p className="text-ink-3 text-xs">
        <Trans>Its source sent no alert yet that this could be tried on.</Trans>
      </p>
    );
  }
  if (match.length === 0)
    return (
      <p className="text-ink-3 text-xs">
        <Trans>Enter a label: what it would have meant is shown.</Trans>
      </p>
    );
  return (
    <>
      <p role="status" className="text-ink-2 text-xs">
        <Trans>
          It would have meant <strong className="font-medium text-ink">{formatNumber(meant.length)}</strong> of the{' '}
          {plural(alerts.length, { one: '# alert', other: '# alerts' })} that came last.
        </Trans>
      </p>
      <ul aria-label={t`Alerts that were kept`} className="flex flex-col gap-1.5">
        {[...meant, ...missed]
          .slice(0, shown)
          .map(({ alert: { episode, labels, annotations, startsAt }, mismatch }) => (
            <li
              key={episode}
              className={`border-s-2 ps-2.5 text-xs ${mismatch === undefined ? 'border-live' : 'border-line text-ink-3'}`}
            >
              <p className="break-words">
                {annotations.summary ?? labels.alertname ?? t`An alert`}, <RelativeTime at={startsAt} />
              </p>
              <p className="break-words text-ink-2">
                {mismatch === undefined ? sayAction(action, targetWords(targets, labels)) : t`Not meant: ${mismatch}.`}
              </p>
            </li>
          ))}
      </ul>
    </>
  );
}
