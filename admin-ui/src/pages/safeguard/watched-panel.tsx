import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { GuardedPlace } from '../../api/safeguards.ts';
import type { Safeguard, WatchedVariant } from '../../api/types.ts';
import { LiveEvidence } from '../../safeguards/live-evidence.tsx';
import { WatchedLine } from '../../safeguards/watched-line.tsx';
import { Panel } from '../../ui/panel.tsx';

/** What a safeguard watches at the moment, variant by variant, each with its evidence. */
export function WatchedPanel({ place, safeguard }: { place: GuardedPlace; safeguard: Safeguard }) {
  const { watching, enabled } = safeguard;
  return (
    <Panel title={t`What it sees`} note={t`Of the server that answers; each judges what all of them count.`}>
      {!enabled && (
        <p className="px-4 py-3.5 text-ink-3 text-xs">
          <Trans>It is switched off: nothing is judged.</Trans>
        </p>
      )}
      {enabled && watching.length === 0 && (
        <p className="px-4 py-3.5 text-ink-3 text-xs">
          <Trans>It has just been saved. What it watches appears in a moment.</Trans>
        </p>
      )}
      {watching.length > 0 && (
        <ul aria-label={t`Variants that it watches`}>
          {watching.map((watched, at) => (
            <WatchedRow
              key={`${watched.flag} ${watched.variant} ${watched.rule}`}
              {...{ place, safeguard, watched }}
              isFirst={at === 0}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface WatchedRowProps {
  place: GuardedPlace;
  safeguard: Safeguard;
  watched: WatchedVariant;
  isFirst: boolean;
}

function WatchedRow({ place, safeguard, watched, isFirst }: WatchedRowProps) {
  const isCounted = watched.variant !== null && watched.logE !== null;
  // What has something to show is shown; the rest opens when it is asked for.
  const [isOpen, setOpen] = useState(isFirst);
  return (
    <li className="flex flex-col gap-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <WatchedLine watched={watched} withoutFlag={'flag' in safeguard.watch} />
      {isCounted && (
        <details open={isOpen} className="text-xs" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className="w-fit cursor-pointer rounded-xs text-ink-2 hover:text-ink">
            <Trans>Evidence</Trans>
          </summary>
          {isOpen && <LiveEvidence {...{ place, safeguard, watched }} />}
        </details>
      )}
    </li>
  );
}
