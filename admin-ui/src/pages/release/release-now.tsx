import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CirclePause, Hourglass } from 'lucide-react';
import { decisionsQuery } from '../../api/releases.ts';
import type { Release } from '../../api/types.ts';
import { manners } from '../../locales/locale.ts';
import { phaseMeaning } from '../../releases/describe-phase.ts';
import { isForward } from '../../releases/phase.ts';
import { releaseSentence } from '../../releases/release-sentence.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';

const causeNames = {
  person: msg`Paused`,
  drift: msg`Changed by someone else`,
  signal: msg`Paused by a signal`,
  safeguard: msg`Paused by a safeguard`,
  gate: msg`Paused by a gate`,
  blame: msg`Paused, its flags taken back,`,
} as const;

/** What a release does at the moment, and each reason why it does not go on. */
export function ReleaseNow({ project, release }: { project: string; release: Release }) {
  const { phase, startsAt, pauses, waiting, leaseSeconds } = release;
  // The pauses say it better.
  const others = waiting.filter((sentence) => !pauses.some(({ reason }) => sentence.endsWith(reason)));
  return (
    <div role="status" aria-label={t`Now`} className="flex flex-col gap-2 text-ink-2">
      <p>
        {phaseMeaning(release)}
        {phase === 'scheduled' &&
          startsAt !== null &&
          ` ${t`It starts on ${new Date(startsAt).toLocaleString(manners())}.`}`}
      </p>
      {phase === 'failed' && <WhyFailed project={project} release={release} />}
      {pauses.map(({ cause, by, reason, since }) => (
        <p
          key={`${cause} ${by} ${since}`}
          className="flex gap-2 rounded-sm border border-danger-line bg-danger-soft px-3 py-2"
        >
          <CirclePause className="mt-0.5 size-4 shrink-0 text-danger-ink" aria-hidden />
          <span className="min-w-0 break-words">
            <Trans>
              <strong className="font-medium text-danger-ink">{t(causeNames[cause])}</strong>{' '}
              <RelativeTime at={since} /> by {by}: {releaseSentence(reason)}
            </Trans>
          </span>
        </p>
      ))}
      {leaseSeconds !== undefined && isForward(release) && (
        <p className="text-ink-3 text-xs">
          <Trans>
            What is out is leased: it falls back by itself when no server has looked after it for{' '}
            {formatSeconds(leaseSeconds)}.
          </Trans>
        </p>
      )}
      {others.map((sentence) => (
        <p key={sentence} className="flex gap-2">
          <Hourglass className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
          <span className="min-w-0 break-words tabular-nums">{releaseSentence(sentence)}</span>
        </p>
      ))}
    </div>
  );
}

/** What stood against its beginning: the last that was decided about it. */
function WhyFailed({ project, release }: { project: string; release: Release }) {
  const { data } = useInfiniteQuery(decisionsQuery(project, release.id, release.version));
  const last = data?.pages[0]?.items[0];
  if (!last) return null;
  return (
    <p className="break-words rounded-sm border border-danger-line bg-danger-soft px-3 py-2">
      {releaseSentence(last.decision)}
    </p>
  );
}
