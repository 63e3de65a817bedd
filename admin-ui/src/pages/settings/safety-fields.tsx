import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { NumberInput } from '../../ui/number-input.tsx';
import { Switch } from '../../ui/switch.tsx';
import type { EnvironmentDraft } from './environment-draft.ts';

interface SafetyFieldsProps {
  values: EnvironmentDraft;
  onChange: (part: Partial<EnvironmentDraft>) => void;
}

const switches = [
  { name: 'production', label: msg`Production`, note: msg`Mistakes hurt here: changes are asked about first.` },
  { name: 'requireComment', label: msg`Ask why`, note: msg`Whoever changes something says why.` },
] as const;

/** How much stands between a change of an environment and those who are served. */
export function SafetyFields({ values, onChange }: SafetyFieldsProps) {
  return (
    <div className="flex flex-col gap-3">
      {switches.map(({ name, label, note }) => (
        <div key={name} className="flex items-center gap-3">
          <div aria-hidden className="min-w-0 flex-1">
            <p className="font-medium text-xs">{t(label)}</p>
            <p className="text-ink-3 text-xs">{t(note)}</p>
          </div>
          <Switch label={t(label)} note={t(note)} checked={values[name]} onChange={(is) => onChange({ [name]: is })} />
        </div>
      ))}
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium text-xs">
            <Trans>Approvals</Trans>
          </p>
          <p className="text-ink-3 text-xs">
            <Trans>So many others must approve a change before it is served; 0: none.</Trans>
          </p>
        </div>
        <div className="w-20">
          <NumberInput
            label={t`Approvals`}
            min={0}
            max={20}
            value={values.requiredApprovals}
            onChange={(requiredApprovals) => onChange({ requiredApprovals })}
          />
        </div>
      </div>
    </div>
  );
}
