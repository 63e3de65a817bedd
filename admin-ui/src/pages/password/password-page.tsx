import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import * as z from 'zod/mini';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { asksForCode } from '../../api/second-factor.ts';
import { sessionQuery, setPassword } from '../../api/session.ts';
import { homePath, patterns } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { formErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { CodeField } from '../layout/code-field.tsx';
import { Door } from '../layout/door.tsx';
import { forgetPerson } from '../layout/forget-person.ts';
import { NewPasswordField, newPassword } from '../layout/new-password-field.tsx';

const fields = z.object({
  password: newPassword,
  code: z.optional(z.string()),
});

/** Where the one-time link leads that invites someone, or lets them choose a new password. */
export function PasswordPage() {
  const { token } = getRouteApi(patterns.password).useSearch();
  if (token === undefined) {
    return (
      <Door title={t`Set your password`} text={t`Open the whole link that you were sent: a part of it is missing.`}>
        {null}
      </Door>
    );
  }
  return (
    <Door title={t`Set your password`} text={t`The link works once. You are signed in with the new password.`}>
      <PasswordForm token={token} />
    </Door>
  );
}

function PasswordForm({ token }: { token: string }) {
  const client = useQueryClient();
  const router = useRouter();
  const [isCodeAsked, setCodeAsked] = useState(false);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { password: '', code: undefined as string | undefined },
    check: (typed) => {
      const read = fields.safeParse(typed);
      return read.success ? { ok: true, ready: read.data } : { ok: false, errors: formErrors(read.error.issues) };
    },
    submit: async (chosen) => {
      // Whoever was signed in here before is not any more, and what they saw is not for the next one.
      const user = await setPassword({ token, ...chosen });
      forgetPerson(client);
      client.setQueryData(sessionQuery.queryKey, user);
      await router.navigate({ ...homePath(), replace: true });
    },
    explain: (error) => {
      if (!asksForCode(error)) return fieldErrors(asApiError(error));
      setCodeAsked(true);
      return {};
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4" aria-label={t`Account`}>
      {(errors[''] ?? errors.token) && <Notice title={errors[''] ?? t`The link's token ${errors.token ?? ''}`} />}
      <NewPasswordField
        autoFocus
        value={values.password}
        onChange={(password) => change({ password })}
        error={errors.password}
      />
      {isCodeAsked && (
        <CodeField
          takesRecoveryCode
          value={values.code ?? ''}
          onChange={(code) => change({ code })}
          error={errors.code}
        />
      )}
      <Button type="submit" look="primary" busy={busy}>
        <Trans>Set password</Trans>
      </Button>
    </form>
  );
}
