import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import * as z from 'zod/mini';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { asksForCode } from '../../api/second-factor.ts';
import { sessionQuery, signIn } from '../../api/session.ts';
import { patterns, safeNext } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { formErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { CodeField } from '../layout/code-field.tsx';
import { Door } from '../layout/door.tsx';
import { describeProblem } from './describe-problem.ts';
import { ProviderLinks } from './provider-links.tsx';

const credentials = z.object({
  email: z.string().check(z.trim(), z.minLength(1, { error: () => t`Enter the email address of your account.` })),
  password: z.string().check(z.minLength(1, { error: () => t`Enter your password.` })),
  code: z.optional(z.string()),
});

export function SignInPage() {
  const route = getRouteApi(patterns.signIn);
  const { next, problem } = route.useSearch();
  const { providers, passwords } = route.useLoaderData();
  const router = useRouter();
  const client = useQueryClient();
  const [isCodeAsked, setCodeAsked] = useState(false);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { email: '', password: '', code: undefined as string | undefined },
    check: (typed) => {
      const read = credentials.safeParse(typed);
      return read.success ? { ok: true, ready: read.data } : { ok: false, errors: formErrors(read.error.issues) };
    },
    submit: async (body) => {
      client.setQueryData(sessionQuery.queryKey, await signIn(body));
      await router.navigate({ href: safeNext(next), replace: true });
    },
    explain: (error) => {
      if (!asksForCode(error)) return fieldErrors(asApiError(error));
      setCodeAsked(true);
      return {};
    },
  });
  return (
    <Door title={t`Sign in`}>
      {problem && (
        <div className="mb-4">
          <Notice title={describeProblem(problem)} />
        </div>
      )}
      <ProviderLinks providers={providers} next={safeNext(next)} />
      {passwords === 'owners' && (
        <p className="mb-4 text-ink-3 text-xs">
          <Trans>Passwords are for owners only.</Trans>
        </p>
      )}
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4" aria-label={t`Sign in`}>
        {errors[''] && <Notice title={errors['']} />}
        <Field label={t`Email`} error={errors.email}>
          <TextInput
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            value={values.email}
            onChange={(email) => change({ email })}
          />
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
        <Button type="submit" look="primary" busy={busy}>
          <Trans>Sign in</Trans>
        </Button>
      </form>
    </Door>
  );
}
