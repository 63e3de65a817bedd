import { t } from '@lingui/core/macro';
import { Field, TextInput } from '../../ui/field.tsx';

export interface PasswordFieldProps {
  value: string;
  onChange: (password: string) => void;
  error?: string | undefined;
  /** Whether it takes the focus when it appears. */
  autoFocus?: boolean;
  /** Said beneath it. */
  hint?: string;
  /** Which one a password manager offers. */
  autoComplete?: 'current-password' | 'new-password';
}

/** Takes a password: the one that someone has, unless told otherwise. */
export function PasswordField(props: PasswordFieldProps) {
  const { value, onChange, error, autoFocus = false, hint, autoComplete = 'current-password' } = props;
  return (
    <Field label={t`Password`} hint={hint} error={error}>
      <TextInput
        type="password"
        name="password"
        autoComplete={autoComplete}
        autoFocus={autoFocus}
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
