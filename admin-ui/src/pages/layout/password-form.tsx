import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { asksForCode } from '../../api/second-factor.ts';
import { type SignedInUser, signIn } from '../../api/session.ts';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { CodeField } from './code-field.tsx';

interface PasswordFormProps {
  /** Of whoever is to sign in again. */
  email: string;
  onSignedIn: (user: SignedInUser) => void;
}

/** Their password, and the code of their second factor where there is one. Sent by the button that names the form. */
export function PasswordForm({ email, onSignedIn }: PasswordFormProps) {
  const [isCodeAsked, setCodeAsked] = useState(false);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { password: '', code: undefined as string | undefined },
    check: ({ password, code }) =>
      password === ''
        ? { ok: false, errors: { password: t`Enter your password.` } }
        : { ok: true, ready: { email, password, ...(code !== undefined && { code }) } },
    submit: async (body) => onSignedIn(await signIn(body)),
    explain: (error) => {
      if (!asksForCode(error)) return fieldErrors(asApiError(error));
      setCodeAsked(true);
      return {};
    },
  });
  return (
    <form
      id="sign-in-again"
      onSubmit={onSubmit}
      noValidate
      aria-label={t`Sign in again`}
      aria-busy={busy}
      className="flex flex-col gap-4"
    >
      {errors[''] && <Notice title={errors['']} />}
      <Field label={t`Email`} error={errors.email}>
        <TextInput type="email" name="email" autoComplete="username" readOnly value={email} onChange={() => {}} />
      </Field>
      <Field label={t`Password`} error={errors.password}>
        <TextInput
          type="password"
          name="password"
          autoComplete="current-password"
          value={values.password}
          onChange={(password) => change({ password })}
        />
      </Field>
      {isCodeAsked && (
        <CodeField
          takesRecoveryCode
          value={values.code ?? ''}
          onChange={(code) => change({ code })}
          error={errors.code}
        />
      )}
    </form>
  );
}
