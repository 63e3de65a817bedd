import { t } from '@lingui/core/macro';
import { CircleCheck, CircleDashed, CircleSlash, EyeOff, OctagonX } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';
import { type Standing, standingWords } from './standing.ts';

const signs = {
  failed: { icon: OctagonX, color: 'text-danger-ink' },
  silent: { icon: EyeOff, color: 'text-ink-3' },
  unseeing: { icon: CircleDashed, color: 'text-ink-3' },
  off: { icon: CircleSlash, color: 'text-ink-3' },
  'at-work': { icon: CircleCheck, color: 'text-live-ink' },
} as const;

/** How a safeguard stands, in a word with a sign. */
export function StandingBadge({ standing }: { standing: Standing }) {
  const { icon: Icon, color } = signs[standing];
  return (
    <Badge look={standing === 'failed' ? 'danger' : standing === 'at-work' ? 'plain' : 'muted'}>
      <Icon className={color} aria-hidden />
      {t(standingWords[standing])}
    </Badge>
  );
}

/** Whether it acts, or only says what it would have done. */
export function ModeBadge({ mode }: { mode: 'armed' | 'dry_run' }) {
  return <Badge look={mode === 'armed' ? 'danger' : 'muted'}>{mode === 'armed' ? t`armed` : t`dry run`}</Badge>;
}
