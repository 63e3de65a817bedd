import { msg, t } from '@lingui/core/macro';
import { CircleCheck, CircleDashed, CircleHelp, CircleX, LoaderCircle, Unplug } from 'lucide-react';
import type { GateVerdict } from '../api/types.ts';
import { Badge } from '../ui/badge.tsx';

const verdicts = {
  pending: { name: msg`not measured yet`, icon: CircleDashed, color: 'text-ink-3' },
  running: { name: msg`not enough seen yet`, icon: LoaderCircle, color: 'text-link' },
  successful: { name: msg`passed`, icon: CircleCheck, color: 'text-live-ink' },
  failed: { name: msg`failed`, icon: CircleX, color: 'text-danger-ink' },
  error: { name: msg`cannot be asked`, icon: Unplug, color: 'text-danger-ink' },
  inconclusive: { name: msg`cannot tell`, icon: CircleHelp, color: 'text-danger-ink' },
} as const satisfies Readonly<Record<GateVerdict, object>>;

/** What a gate says, as a sign alone; its word is for screen readers and on hover. */
export function VerdictSign({ verdict }: { verdict: GateVerdict }) {
  const { name, icon: Icon, color } = verdicts[verdict];
  return (
    <span title={t(name)} className="inline-flex shrink-0">
      <Icon className={`size-3.5 ${color}`} aria-hidden />
      <span className="sr-only">{t(name)}</span>
    </span>
  );
}

/** What a gate says, in a word with a sign. */
export function VerdictBadge({ verdict }: { verdict: GateVerdict }) {
  const { name, icon: Icon, color } = verdicts[verdict];
  return (
    <Badge look={verdict === 'failed' ? 'danger' : verdict === 'pending' ? 'muted' : 'plain'}>
      <Icon className={color} aria-hidden />
      {t(name)}
    </Badge>
  );
}
