import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { WatchedVariant } from '../api/types.ts';
import { formatEvidence } from '../evidence/evidence-curves.ts';
import { formatSentence } from '../ui/format.ts';
import { sightWords } from './describe-safeguard.ts';
import { progressOf } from './standing.ts';

interface WatchedLineProps {
  watched: WatchedVariant;
  /** The flag is said elsewhere. */
  withoutFlag?: boolean;
}

/** How a safeguard stands with one variant: what it would see, why it is silent, how far the evidence has come. */
export function WatchedLine({ watched, withoutFlag = false }: WatchedLineProps) {
  const { silence, logE, threshold } = watched;
  const progress = progressOf(watched);
  return (
    <div className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-0.5 text-xs">
      <p className="min-w-0 flex-1 basis-72 break-words text-ink-2">
        {nameOf(watched, withoutFlag) !== '' && (
          <span className="font-mono text-ink">{nameOf(watched, withoutFlag)}: </span>
        )}
        {formatSentence(silence ?? sightWords(watched, silence))}
      </p>
      {progress !== undefined && logE !== null && threshold !== null && (
        <p className="flex items-center gap-2 text-ink-3 tabular-nums">
          <Trans>
            <span className="block h-1 w-16 overflow-hidden rounded-full bg-line" aria-hidden>
              <span
                className={`block h-full ${progress === 1 ? 'bg-danger' : 'bg-link'}`}
                style={{ width: `${progress * 100}%` }}
              />
            </span>
            evidence {formatEvidence(logE / Math.LN10)}, fails at {formatEvidence(threshold / Math.LN10)}
          </Trans>
        </p>
      )}
    </div>
  );
}

/** `checkout on`, `on by rule beta` */
function nameOf({ flag, variant, rule }: WatchedVariant, withoutFlag: boolean): string {
  const parts = [withoutFlag ? null : flag, variant, rule === null || rule === '' ? null : t`by rule ${rule}`];
  return parts.filter((part) => part !== null).join(' ');
}
