import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { MomentInput } from '../ui/moment-input.tsx';
import { Select } from '../ui/select.tsx';
import type { ConditionView } from './condition-view.ts';

type DuringView = ConditionView & { kind: 'during' };

interface DuringRowProps {
  view: DuringView;
  place: string;
  onChange: (view: DuringView) => void;
}

/** A span of time by the evaluator's clock; an open end is left empty. */
export function DuringRow({ view, place, onChange }: DuringRowProps) {
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5 text-ink-2 text-xs">
      <Trans>
        <div className="w-40">
          <Select
            label={t`During or not, ${place}`}
            value={view.negated ? 'outside' : 'during'}
            options={[
              { value: 'during', label: t`the time is` },
              { value: 'outside', label: t`the time is not` },
            ]}
            onChange={(next) => onChange({ ...view, negated: next === 'outside' })}
          />
        </div>
        from
        <MomentInput label={t`From, ${place}`} value={view.from} onChange={(from) => onChange({ ...view, from })} />
        until
        <MomentInput label={t`Until, ${place}`} value={view.until} onChange={(until) => onChange({ ...view, until })} />
        UTC
      </Trans>
    </div>
  );
}
