import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createOwner, sessionQuery } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { formErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { NewPasswordField, newPassword } from '../layout/new-password-field.tsx';

const owner = z.object({
  name: z.string().check(z.trim(), z.minLength(1, { error: () => t`Enter your name: the audit trail shows it.` })),
  email: z.string().check(z.trim(), z.email({ error: () => t`Enter an email address, such as you@example.com.` })),
  password: newPassword,
});

/** Creates the owner's account and signs in with it. */
export function OwnerForm({ token, onCreated }: { token: string; onCreated: () => Promise<void> }) {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { name: '', email: '', password: '' },
    check: (typed) => {
      const read = owner.safeParse(typed);
      return read.success ? { ok: true, ready: read.data } : { ok: false, errors: formErrors(read.error.issues) };
    },
    submit: async (account) => {
      client.setQueryData(sessionQuery.queryKey, await createOwner({ token, ...account }));
      await onCreated();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4" aria-label={t`Owner account`}>
      {(errors[''] ?? errors.token) && <Notice title={errors[''] ?? t`The link's token ${errors.token ?? ''}`} />}
      <Field label={t`Name`} error={errors.name}>
        <TextInput
          name="name"
          autoComplete="name"
          autoFocus
          value={values.name}
          onChange={(name) => change({ name })}
        />
      </Field>
      <Field label={t`Email`} error={errors.email}>
        <TextInput
          type="email"
          name="email"
          autoComplete="username"
          value={values.email}
          onChange={(email) => change({ email })}
        />
      </Field>
      <NewPasswordField value={values.password} onChange={(password) => change({ password })} error={errors.password} />
      <Button type="submit" look="primary" busy={busy}>
        <Trans>Create account</Trans>
      </Button>
    </form>
  );
}
