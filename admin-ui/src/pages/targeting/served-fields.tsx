import type { Targeting } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { FindingNotes } from '../../conditions/finding-notes.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useEditor } from './editor-context.ts';

interface ServedFieldsProps {
  targeting: Targeting;
  onChange: (change: Partial<Targeting>) => void;
}

/** What comes before all targeting: whether the flag is on, and what it serves while it is off or killed. */
export function ServedFields({ targeting, onChange }: ServedFieldsProps) {
  const { flag, environment } = useEditor();
  const { enabled, offVariant, safeVariant } = targeting;
  const names = flag.variants.map(({ name }) => ({ value: name, label: name }));
  const asOff = { value: '', label: t`${offVariant} (the off variant)` };
  return (
    <div className="flex flex-col gap-2 p-3">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <div className="flex h-8 items-center gap-2.5">
          <Switch
            label={t`Serve ${flag.key} in ${environment.key}`}
            checked={enabled}
            onChange={(next) => onChange({ enabled: next })}
          />
          <span className="font-medium">{enabled ? t`On` : t`Off`}</span>
        </div>
        <div className="w-48">
          <Field label={t`While it is off`}>
            <Select mono value={offVariant} options={names} onChange={(next) => onChange({ offVariant: next })} />
          </Field>
        </div>
        <div className="w-56">
          <Field label={t`When it is killed`}>
            <Select
              mono
              value={safeVariant ?? ''}
              options={[asOff, ...names]}
              onChange={(next) => onChange({ safeVariant: next === '' ? undefined : next })}
            />
          </Field>
        </div>
      </div>
      <FindingNotes at="enabled" />
      <FindingNotes at="offVariant" />
      <FindingNotes at="safeVariant" />
    </div>
  );
}
