import { CircleSlash, Clock, Pause, Rocket, TrendingUp } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';
import type { HealthMark } from './flag-health.ts';

const looks = {
  killed: { icon: CircleSlash, look: 'danger' },
  held: { icon: Pause, look: 'danger' },
  ramping: { icon: TrendingUp, look: 'plain' },
  releasing: { icon: Rocket, look: 'plain' },
  stale: { icon: Clock, look: 'muted' },
} as const;

/** What is out of the ordinary about a flag, each in a word; the sentence on hover and for screen readers. */
export function HealthMarks({ marks }: { marks: readonly HealthMark[] }) {
  return marks.map(({ kind, label, title }) => {
    const { icon: Icon, look } = looks[kind];
    return (
      <span key={kind} title={title} className="inline-flex">
        <Badge look={look}>
          <Icon aria-hidden />
          <span aria-hidden>{label}</span>
          <span className="sr-only">{title}</span>
        </Badge>
      </span>
    );
  });
}
