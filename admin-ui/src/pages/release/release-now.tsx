import { CirclePause, Hourglass } from 'lucide-react';
import type { Release } from '../../api/types.ts';
import { phaseMeaning } from '../../releases/describe-phase.ts';
import { isForward } from '../../releases/phase.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import { formatSentence } from '../../ui/format.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';

const causeNames = {
  person: 'Paused',
  drift: 'Changed by someone else',
  signal: 'Paused by a signal',
  safeguard: 'Paused by a safeguard',
  gate: 'Paused by a gate',
  blame: 'Paused, its flags taken back,',
} as const;

/** What a release does at the moment, and each reason why it does not go on. */
export function ReleaseNow({ release }: { release: Release }) {
  const { phase, startsAt, pauses, waiting, leaseSeconds } = release;
  // The pauses say it better.
  const others = waiting.filter((sentence) => !pauses.some(({ reason }) => sentence.endsWith(reason)));
  return (
    <div role="status" aria-label="Now" className="flex flex-col gap-2 text-ink-2">
      <p>
        {phaseMeaning(release)}
        {phase === 'scheduled' && startsAt !== null && ` It starts on ${new Date(startsAt).toLocaleString()}.`}
      </p>
      {pauses.map(({ cause, by, reason, since }) => (
        <p
          key={`${cause} ${by} ${since}`}
          className="flex gap-2 rounded-sm border border-danger-line bg-danger-soft px-3 py-2"
        >
          <CirclePause className="mt-0.5 size-4 shrink-0 text-danger-ink" aria-hidden />
          <span className="min-w-0 break-words">
            <strong className="font-medium text-danger-ink">{causeNames[cause]}</strong> <RelativeTime at={since} /> by{' '}
            {by}: {formatSentence(reason)}
          </span>
        </p>
      ))}
      {leaseSeconds !== undefined && isForward(release) && (
        <p className="text-ink-3 text-xs">
          What is out is leased: it falls back by itself when no server has looked after it for{' '}
          {formatSeconds(leaseSeconds)}.
        </p>
      )}
      {others.map((sentence) => (
        <p key={sentence} className="flex gap-2">
          <Hourglass className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
          <span className="min-w-0 break-words tabular-nums">{sentence}</span>
        </p>
      ))}
    </div>
  );
}
