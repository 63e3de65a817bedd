import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { TriedSignal } from '../../api/types.ts';
import { resultWords } from '../../interventions/result-words.ts';
import { sayOutcome } from './binding-words.ts';

/** What bindings would make of the alerts of a message, if it came now. */
export function ForeseenList({ tried: { note, alerts } }: { tried: TriedSignal }) {
  return (
    <div className="flex flex-col gap-2 text-xs">
      {note !== null && <p className="break-words text-danger-ink">{note}</p>}
      {note === null && alerts.length === 0 && (
        <p className="text-ink-2">
          <Trans>There is no alert in it.</Trans>
        </p>
      )}
      <ul aria-label={t`What it would lead to`} className="flex flex-col gap-2">
        {alerts.map(({ fingerprint, episode, labels, foreseen }) => (
          <li key={`${fingerprint} ${episode}`} className="border-line border-s-2 ps-3">
            <p className="break-all font-mono text-2xs text-ink-3">
              {Object.entries(labels)
                .map(([name, value]) => `${name}=${value}`)
                .join(' ')}
            </p>
            {foreseen.length === 0 && (
              <p className="text-ink-2">
                <Trans>No binding looks at this source.</Trans>
              </p>
            )}
            {foreseen.map(({ project, binding, note, action, mode, targets }) => (
              <div key={`${project} ${binding}`} className="break-words text-ink-2">
                <p>
                  <strong className="font-medium text-ink">{binding}</strong>
                  {note !== '' && `: ${note}`}
                </p>
                {targets.map(({ environment, flag, result, reason }) => (
                  <p key={`${environment} ${flag}`}>
                    {sayOutcome(
                      action,
                      { flag, environment },
                      mode === 'armed' && result === 'acted' ? t`would be done` : resultWords(result),
                      reason,
                    )}
                  </p>
                ))}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
