import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { confirmSecondFactor } from '../../api/second-factor.ts';
import type { Enrolment } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { CodeField } from '../layout/code-field.tsx';
import { explainProof } from './explain-proof.ts';

interface ConfirmFormProps {
  enrolment: Enrolment;
  onConfirmed: (recoveryCodes: readonly string[]) => void;
}

/** Shows the secret to an authenticator app, and takes the first code of it. */
export function ConfirmForm({ enrolment, onConfirmed }: ConfirmFormProps) {
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { code: '' },
    check: ({ code }) =>
      /^\s*\d{6}\s*$/.test(code)
        ? { ok: true, ready: code }
        : { ok: false, errors: { code: t`Enter the 6 digits that the app shows.` } },
    submit: async (code) => onConfirmed(await confirmSecondFactor(code)),
    explain: explainProof,
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-4" aria-label={t`Second factor`}>
      {errors[''] && <Notice title={errors['']} />}
      <img
        src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr)}`}
        alt={t`QR code for an authenticator app`}
        className="size-44 self-center rounded-sm bg-white p-1"
      />
      <CodeBlock title={t`Or type this secret into the app`} code={enrolment.secret} />
      <CodeField value={values.code} onChange={(code) => change({ code })} error={errors.code} />
      <Button type="submit" look="primary" busy={busy}>
        <Trans>Turn on</Trans>
      </Button>
    </form>
  );
}
