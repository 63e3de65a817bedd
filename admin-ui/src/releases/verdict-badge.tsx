import { CircleCheck, CircleDashed, CircleHelp, CircleX, LoaderCircle, Unplug } from 'lucide-react';
import type { GateVerdict } from '../api/types.ts';
import { Badge } from '../ui/badge.tsx';

const verdicts = {
  pending: { name: 'not measured yet', icon: CircleDashed, color: 'text-ink-3' },
  running: { name: 'not enough seen yet', icon: LoaderCircle, color: 'text-link' },
  successful: { name: 'passed', icon: CircleCheck, color: 'text-live-ink' },
  failed: { name: 'failed', icon: CircleX, color: 'text-danger-ink' },
  error: { name: 'cannot be asked', icon: Unplug, color: 'text-danger-ink' },
  inconclusive: { name: 'cannot tell', icon: CircleHelp, color: 'text-danger-ink' },
} as const satisfies Readonly<Record<GateVerdict, object>>;

/** What a gate says, as a sign alone; its word is for screen readers and on hover. */
export function VerdictSign({ verdict }: { verdict: GateVerdict }) {
  const { name, icon: Icon, color } = verdicts[verdict];
  return (
    <span title={name} className="inline-flex shrink-0">
      <Icon className={`size-3.5 ${color}`} aria-hidden />
      <span className="sr-only">{name}</span>
    </span>
  );
}

/** What a gate says, in a word with a sign. */
export function VerdictBadge({ verdict }: { verdict: GateVerdict }) {
  const { name, icon: Icon, color } = verdicts[verdict];
  return (
    <Badge look={verdict === 'failed' ? 'danger' : verdict === 'pending' ? 'muted' : 'plain'}>
      <Icon className={color} aria-hidden />
      {name}
    </Badge>
  );
}
