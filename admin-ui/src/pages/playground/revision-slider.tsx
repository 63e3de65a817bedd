import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { PastRevision } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { formatNumber } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { kindWords, verbOf } from '../audit/event-words.ts';

interface RevisionSliderProps {
  label: string;
  /** Newest first; at least one. */
  revisions: readonly PastRevision[];
  /** Number of the one that is chosen at first; undefined: the newest. */
  initial: number | undefined;
  onChange: (revision: number | undefined) => void;
  /** Of the button that chooses none; without it there is none. */
  clear: string;
}

/** Chooses a revision of the past; says when it was committed and what it was about. */
export function RevisionSlider({ label, revisions, initial, onChange, clear }: RevisionSliderProps) {
  // Its own: what it tells of is slower than the hand that moves it.
  const [value, setValue] = useState(initial);
  const set = (revision: number | undefined) => {
    setValue(revision);
    onChange(revision);
  };
  const oldestFirst = revisions.toReversed();
  const found = oldestFirst.findIndex(({ revision }) => revision.number === value);
  const at = found === -1 ? oldestFirst.length - 1 : found;
  const shown = oldestFirst[at];
  const choose = (place: number) => set(oldestFirst[place]?.revision.number);
  const [event] = shown?.events ?? [];
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-8 items-center gap-2">
        <span className="font-medium text-xs">{label}</span>
        {value !== undefined && (
          <Button look="quiet" onClick={() => set(undefined)}>
            {clear}
          </Button>
        )}
      </div>
      <input
        type="range"
        aria-label={label}
        aria-valuetext={shown && t`revision ${shown.revision.number}`}
        min={0}
        max={oldestFirst.length - 1}
        value={at}
        disabled={oldestFirst.length < 2}
        onChange={(change) => choose(Number(change.target.value))}
        className="h-6 w-full accent-accent"
      />
      {shown && (
        <p className="min-h-9 break-words text-ink-2 text-xs">
          <strong className="font-medium tabular-nums">
            <Trans>revision {formatNumber(shown.revision.number)}</Trans>
          </strong>
          , <RelativeTime at={shown.committedAt} />
          {event &&
            ` · ${event.actor.name} ${verbOf(event.action)} ${kindWords(event.target.kind)} ${event.target.key}`}
        </p>
      )}
    </div>
  );
}
