import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { asksForCode } from '../../api/second-factor.ts';
import { type SignedInUser, signIn } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { CodeField } from './code-field.tsx';
import { PasswordField } from './password-field.tsx';

interface PasswordFormProps {
  /** Of whoever is to sign in again: it stays, and the button that sends the form stands elsewhere and names it. */
  again?: { readonly email: string; readonly formId: string };
  onSignedIn: (user: SignedInUser) => Promise<void> | void;
}

/** Signs in by email, password and, where there is a second factor, its code, which is asked for when it is missed. */
export function PasswordForm({ again, onSignedIn }: PasswordFormProps) {
  const [isCodeAsked, setCodeAsked] = useState(false);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { email: again?.email ?? '', password: '', code: undefined as string | undefined },
    check: ({ email, password, code }) => {
      const missing = {
        ...(email.trim() === '' && { email: t`Enter the email address of your account.` }),
        ...(password === '' && { password: t`Enter your password.` }),
      };
      if (Object.keys(missing).length > 0) return { ok: false, errors: missing };
      return { ok: true, ready: { email: email.trim(), password, ...(code !== undefined && { code }) } };
    },
    submit: async (body) => onSignedIn(await signIn(body)),
    explain: (error) => {
      if (!asksForCode(error)) return fieldErrors(asApiError(error));
      setCodeAsked(true);
      return {};
    },
  });
  return (
    <form
      id={again?.formId}
      onSubmit={onSubmit}
      noValidate
      aria-label={again ? t`Sign in again` : t`Sign in`}
      aria-busy={busy}
      className="flex flex-col gap-4"
    >
      {errors[''] && <Notice title={errors['']} />}
      <Field label={t`Email`} error={errors.email}>
        <TextInput
          type="email"
          name="email"
          autoComplete="username"
          autoFocus={!again}
          readOnly={again !== undefined}
          value={values.email}
          onChange={(email) => change({ email })}
        />
      </Field>
      <PasswordField value={values.password} onChange={(password) => change({ password })} error={errors.password} />
      {isCodeAsked && (
        <CodeField
          takesRecoveryCode
          value={values.code ?? ''}
          onChange={(code) => change({ code })}
          error={errors.code}
        />
      )}
      {!again && (
        <Button type="submit" look="primary" busy={busy}>
          <Trans>Sign in</Trans>
        </Button>
      )}
    </form>
  );
}
