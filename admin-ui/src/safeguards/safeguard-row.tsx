import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { GuardedPlace } from '../api/safeguards.ts';
import type { Safeguard } from '../api/types.ts';
import { safeguardPath } from '../paths.ts';
import { describeSafeguard, watchWords } from './describe-safeguard.ts';
import { standingOfAll } from './standing.ts';
import { ModeBadge, StandingBadge } from './standing-badge.tsx';
import { WatchedLine } from './watched-line.tsx';

/** More variants are on the safeguard's own page. */
const shownVariants = 3;

interface SafeguardRowProps {
  place: GuardedPlace;
  safeguard: Safeguard;
  /** All that is listed is about one flag. */
  ofFlag?: boolean;
}

/** A safeguard in a list: what it does and when, and how it stands. */
export function SafeguardRow({ place, safeguard, ofFlag = false }: SafeguardRowProps) {
  const { id, name, watch, mode, watching } = safeguard;
  return (
    <li className="flex flex-col gap-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 break-words font-medium">
          <Link {...safeguardPath(place.project, place.environment, id)} className="hover:underline">
            {name}
          </Link>
        </h3>
        <StandingBadge standing={standingOfAll(safeguard)} />
        <ModeBadge mode={mode} />
        {!(ofFlag && 'flag' in watch) && (
          <span className="min-w-0 break-words text-ink-3 text-xs sm:ms-auto">
            <Trans>watches {watchWords(watch)}</Trans>
          </span>
        )}
      </div>
      <p className="break-words text-ink-2 text-xs">{describeSafeguard(safeguard)}</p>
      {watching.slice(0, shownVariants).map((watched) => (
        <WatchedLine
          key={`${watched.flag} ${watched.variant} ${watched.rule}`}
          watched={watched}
          withoutFlag={ofFlag || 'flag' in watch}
        />
      ))}
      {watching.length > shownVariants && (
        <p className="text-ink-3 text-xs">
          {watching.length === 10 ? t`and more` : t`and ${watching.length - shownVariants} more`}
        </p>
      )}
    </li>
  );
}
