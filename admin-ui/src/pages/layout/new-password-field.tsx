import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import { Field, TextInput } from '../../ui/field.tsx';

/** What the server asks of a password, but that it is none of the common ones. */
export const newPassword = z
  .string()
  .check(
    z.minLength(12, { error: () => t`Use at least 12 characters.` }),
    z.maxLength(256, { error: () => t`Use at most 256 characters.` }),
  );

interface NewPasswordFieldProps {
  value: string;
  onChange: (password: string) => void;
  error?: string | undefined;
  autoFocus?: boolean;
}

export function NewPasswordField({ value, onChange, error, autoFocus = false }: NewPasswordFieldProps) {
  return (
    <Field label={t`Password`} hint={t`12 characters or more.`} error={error}>
      <TextInput
        type="password"
        name="password"
        autoComplete="new-password"
        autoFocus={autoFocus}
        value={value}
        onChange={onChange}
      />
    </Field>
  );
}
