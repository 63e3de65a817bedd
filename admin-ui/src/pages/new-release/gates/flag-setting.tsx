import { t } from '@lingui/core/macro';
import type { FormErrors } from '../../../ui/form-errors.ts';
import type { GateGround } from './gate-kinds.ts';
import { ChoiceSetting } from './settings.tsx';

interface FlagSettingProps {
  ground: GateGround;
  /** Undefined: the first of the release. */
  value: string | undefined;
  errors: FormErrors;
  /** Of the error. */
  place: string;
  onChange: (flag: string | undefined) => void;
}

/** Which flag of the release a gate is about. */
export function FlagSetting({ ground: { flags }, value, errors, place, onChange }: FlagSettingProps) {
  const [first] = flags;
  const keys = flags.map(({ flag }) => flag);
  const known = value === undefined || keys.includes(value) ? keys : [...keys, value];
  return (
    <ChoiceSetting
      label={t`Flag`}
      value={value ?? ''}
      options={[
        { value: '', label: first ? t`the first (${first.flag})` : t`the first of the release` },
        ...known.map((key) => ({ value: key, label: key })),
      ]}
      onChange={(flag) => onChange(flag === '' ? undefined : flag)}
      error={errors[place]}
    />
  );
}
