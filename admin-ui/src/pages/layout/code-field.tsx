import { t } from '@lingui/core/macro';
import { Field, TextInput } from '../../ui/field.tsx';

interface CodeFieldProps {
  value: string;
  onChange: (code: string) => void;
  error?: string | undefined;
  /** Whether a recovery code does, too. */
  takesRecoveryCode?: boolean;
  /** Whether it takes the focus when it appears. */
  autoFocus?: boolean;
}

/** Takes the code of an authenticator app. */
export function CodeField({ value, onChange, error, takesRecoveryCode = false, autoFocus = true }: CodeFieldProps) {
  const hint = takesRecoveryCode ? t`From your authenticator app, or one of your recovery codes.` : undefined;
  return (
    <Field label={t`Code`} hint={hint} error={error}>
      <TextInput
        name="code"
        autoComplete="one-time-code"
        autoFocus={autoFocus}
        mono
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
