import { msg, t } from '@lingui/core/macro';
import type { Setting } from '../../traffic/kinds.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field, TextArea, TextInput } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';

interface SettingFieldProps {
  setting: Setting & { readonly lines?: number };
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

const clusters = [
  { value: 'own', label: msg`The one that this server runs in` },
  { value: 'kubeconfig', label: msg`By a kubeconfig` },
] as const;

/** One setting of a target, as its kind has it typed. */
export function SettingField({ setting, value, error, onChange }: SettingFieldProps) {
  const { label, hint, example, optional, form, lines } = setting;
  if (form === 'yes') {
    return (
      // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is in it, under a component's name
      <label className="flex w-fit min-w-0 items-center gap-2.5">
        <Checkbox label={t(label)} checked={value === 'yes'} onChange={(is) => onChange(is ? 'yes' : '')} />
        <span aria-hidden>{t(label)}</span>
      </label>
    );
  }
  if (form === 'cluster') {
    return (
      <div className="flex flex-col items-start gap-1.5">
        <span className="font-medium text-xs">{t(label)}</span>
        <Segmented
          label={t(label)}
          value={value === 'kubeconfig' ? value : 'own'}
          options={clusters}
          onChange={onChange}
        />
        {error !== undefined && <p className="text-danger-ink text-xs">{error}</p>}
      </div>
    );
  }
  const help = form === 'names' ? (hint ?? msg`Separated by commas.`) : hint;
  return (
    <Field label={t(label)} hint={help && t(help)} optional={optional ?? false} error={error}>
      {lines === undefined ? (
        <TextInput mono value={value} placeholder={example} onChange={onChange} autoComplete="off" />
      ) : (
        <TextArea mono rows={lines} value={value} onChange={onChange} />
      )}
    </Field>
  );
}
