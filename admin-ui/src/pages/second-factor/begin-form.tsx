import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { beginSecondFactor } from '../../api/second-factor.ts';
import type { Enrolment } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { PasswordField } from '../layout/password-field.tsx';
import { explainProof } from './explain-proof.ts';

/** Asks for the password once more: an open screen must not be enough to lock its owner out. */
export function BeginForm({ onBegun }: { onBegun: (enrolment: Enrolment) => void }) {
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { password: '' },
    check: ({ password }) =>
      password === '' ? { ok: false, errors: { password: t`Enter your password.` } } : { ok: true, ready: password },
    submit: async (password) => onBegun(await beginSecondFactor(password)),
    explain: explainProof,
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4" aria-label={t`Second factor`}>
      {errors[''] && <Notice title={errors['']} />}
      <PasswordField
        autoFocus
        value={values.password}
        onChange={(password) => change({ password })}
        error={errors.password}
      />
      <Button type="submit" look="primary" busy={busy}>
        <Trans>Continue</Trans>
      </Button>
    </form>
  );
}
