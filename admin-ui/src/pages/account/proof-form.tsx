import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { Proof } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { CodeField } from '../layout/code-field.tsx';
import { PasswordField } from '../layout/password-field.tsx';
import { explainProof } from '../second-factor/explain-proof.ts';

interface ProofFormProps {
  /** Its accessible name. */
  label: string;
  confirmLabel: string;
  look: 'primary' | 'danger';
  /** What will happen. */
  children?: ReactNode;
  act: (proof: Proof) => Promise<void>;
  onCancel: () => void;
}

/** Asks for password and code once more, in a dialog: an open screen must not be enough. */
export function ProofForm({ label, confirmLabel, look, children, act, onCancel }: ProofFormProps) {
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { password: '', code: '' },
    check: (typed) => {
      const wrong = {
        ...(typed.password === '' && { password: t`Enter your password.` }),
        ...(typed.code.trim() === '' && { code: t`Enter a code.` }),
      };
      return Object.keys(wrong).length > 0 ? { ok: false, errors: wrong } : { ok: true, ready: typed };
    },
    submit: act,
    explain: explainProof,
  });
  return (
    <form onSubmit={onSubmit} noValidate aria-label={label}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {errors[''] && <Notice title={errors['']} />}
        {children}
        <PasswordField
          autoFocus
          value={values.password}
          onChange={(password) => change({ password })}
          error={errors.password}
        />
        <CodeField
          takesRecoveryCode
          autoFocus={false}
          value={values.code}
          onChange={(code) => change({ code })}
          error={errors.code}
        />
      </div>
      <ActOrCancel onCancel={onCancel} look={look} busy={busy}>
        {confirmLabel}
      </ActOrCancel>
    </form>
  );
}
