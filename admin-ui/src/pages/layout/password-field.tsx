import { t } from '@lingui/core/macro';
import { Field, TextInput } from '../../ui/field.tsx';

interface PasswordFieldProps {
  value: string;
  onChange: (password: string) => void;
  error?: string | undefined;
  /** Whether it takes the focus when it appears. */
  autoFocus?: boolean;
}

/** Takes the password that someone has. */
export function PasswordField({ value, onChange, error, autoFocus = false }: PasswordFieldProps) {
  return (
    <Field label={t`Password`} error={error}>
      <TextInput
        type="password"
        name="password"
        autoComplete="current-password"
        autoFocus={autoFocus}
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
