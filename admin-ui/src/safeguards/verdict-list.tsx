import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type GuardedPlace, verdictsQuery } from '../api/safeguards.ts';
import type { SafeguardVerdict } from '../api/types.ts';
import { resultWords } from '../interventions/result-words.ts';
import { verdictPath } from '../paths.ts';
import { Badge } from '../ui/badge.tsx';
import { wordOf } from '../ui/code-words.ts';
import { formatSentence } from '../ui/format.ts';
import { Loaded, More } from '../ui/loaded.tsx';
import { Panel } from '../ui/panel.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { ModeBadge } from './standing-badge.tsx';

const freshMs = 5_000;

interface VerdictListProps {
  place: GuardedPlace;
  /** Of one safeguard; undefined: of all in the environment. */
  safeguard?: string;
}

/** What safeguards found, newest first, each leading to why. */
export function VerdictList({ place, safeguard }: VerdictListProps) {
  const verdicts = useInfiniteQuery({
    ...verdictsQuery(place, safeguard === undefined ? {} : { safeguard }),
    refetchInterval: freshMs,
  });
  return (
    <Panel title={t`Verdicts`} note={t`What was found, and what came of it.`}>
      <Loaded from={verdicts} what={t`the verdicts`}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <p className="px-4 py-3.5 text-ink-3 text-xs">
                <Trans>Nothing has failed yet.</Trans>
              </p>
            );
          }
          return (
            <>
              <ul aria-label={t`Verdicts`}>
                {items.map((verdict) => (
                  <VerdictRow key={verdict.id} place={place} verdict={verdict} withName={safeguard === undefined} />
                ))}
              </ul>
              <More from={verdicts} label={t`Show older verdicts`} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface VerdictRowProps {
  place: GuardedPlace;
  verdict: SafeguardVerdict;
  withName: boolean;
}

function VerdictRow({ place, verdict, withName }: VerdictRowProps) {
  const { id, at, safeguard, summary, mode, outcomes } = verdict;
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-72">
        <p className="break-words">
          <Link {...verdictPath(place.project, place.environment, id)} className="hover:underline">
            {formatSentence(summary)}
          </Link>
        </p>
        <p className="break-words text-ink-3 text-xs">
          {withName ? (
            <Trans>
              <RelativeTime at={at} /> by {safeguard.name}
            </Trans>
          ) : (
            <RelativeTime at={at} />
          )}
        </p>
      </div>
      <ModeBadge mode={mode} />
      {outcomes.map(({ action, result }) => (
        <Badge key={action} look={result === 'failed' || result === 'not_allowed' ? 'danger' : 'plain'}>
          {`${wordOf(action)}: ${resultWords(result)}`}
        </Badge>
      ))}
    </li>
  );
}
