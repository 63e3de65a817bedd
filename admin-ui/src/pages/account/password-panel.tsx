import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { changePassword, ownSessionsQuery } from '../../api/account.ts';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';

/** Changes one's own password. */
export function PasswordPanel() {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { oldPassword: '', password: '' },
    check: (typed) => {
      const wrong = {
        ...(typed.oldPassword === '' && { oldPassword: t`Enter the password that you have now.` }),
        ...(typed.password.length < 12 && { password: t`Enter 12 characters or more.` }),
      };
      return Object.keys(wrong).length > 0 ? { ok: false, errors: wrong } : { ok: true, ready: typed };
    },
    submit: async (body) => {
      await changePassword(body);
      change({ oldPassword: '', password: '' });
      toastDone({ title: t`Your password is changed`, text: t`Your other sessions are ended.` });
      void client.invalidateQueries(ownSessionsQuery);
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Panel title={t`Password`} note={t`Ends your other sessions.`}>
      <form onSubmit={onSubmit} noValidate aria-label={t`Change password`} className="flex flex-col gap-4 px-4 py-3">
        {errors[''] && <Notice title={errors['']} />}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t`Present password`} error={errors.oldPassword}>
            <TextInput
              type="password"
              autoComplete="current-password"
              value={values.oldPassword}
              onChange={(oldPassword) => change({ oldPassword })}
            />
          </Field>
          <Field label={t`New password`} hint={t`12 characters or more; no common ones.`} error={errors.password}>
            <TextInput
              type="password"
              autoComplete="new-password"
              value={values.password}
              onChange={(password) => change({ password })}
            />
          </Field>
        </div>
        <div>
          <Button type="submit" busy={busy}>
            <Trans>Change password</Trans>
          </Button>
        </div>
      </form>
    </Panel>
  );
}
