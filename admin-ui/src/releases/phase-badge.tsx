import { CircleCheck, CirclePause, CircleX, LoaderCircle, Undo2 } from 'lucide-react';
import type { Release } from '../api/types.ts';
import { Badge } from '../ui/badge.tsx';
import { isForward, stateName } from './phase.ts';

/** Where a release stands, in a word with a sign. */
export function PhaseBadge({ release }: { release: Pick<Release, 'phase' | 'pauses'> }) {
  const { phase } = release;
  const name = <span className="truncate">{stateName(release)}</span>;
  if (phase === 'succeeded') {
    return (
      <Badge>
        <CircleCheck className="text-live-ink" aria-hidden />
        {name}
      </Badge>
    );
  }
  if (phase === 'aborting' || phase === 'rolling_back' || phase === 'aborted' || phase === 'rolled_back') {
    return (
      <Badge look="danger">
        <Undo2 aria-hidden />
        {name}
      </Badge>
    );
  }
  if (phase === 'failed' || phase === 'blocked') {
    return (
      <Badge look="danger">
        <CircleX aria-hidden />
        {name}
      </Badge>
    );
  }
  if (isForward(release) || phase === 'preflight') {
    const Sign = release.pauses.length > 0 ? CirclePause : LoaderCircle;
    return (
      <Badge>
        <Sign className={release.pauses.length > 0 ? 'text-danger-ink' : 'text-link'} aria-hidden />
        {name}
      </Badge>
    );
  }
  return <Badge look="muted">{stateName(release)}</Badge>;
}
