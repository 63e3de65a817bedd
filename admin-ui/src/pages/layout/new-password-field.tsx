import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import { PasswordField, type PasswordFieldProps } from './password-field.tsx';

/** What the server asks of a password, but that it is none of the common ones. */
export const newPassword = z
  .string()
  .check(
    z.minLength(12, { error: () => t`Use at least 12 characters.` }),
    z.maxLength(256, { error: () => t`Use at most 256 characters.` }),
  );

/** Takes a password that is to be. */
export function NewPasswordField(props: Omit<PasswordFieldProps, 'hint' | 'autoComplete'>) {
  return <PasswordField {...props} hint={t`12 characters or more.`} autoComplete="new-password" />;
}
