import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { eraseTargetingKey } from '../../api/contexts.ts';
import type { Environment } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';

interface EraseDialogProps {
  project: string;
  environment: Environment;
  onClose: () => void;
}

/** Removes what was sampled of one subject, as they may ask for. Shown for as long as it is rendered. */
export function EraseDialog({ project, environment, onClose }: EraseDialogProps) {
  const { values, change, errors, busy, onSubmit } = useForm<{ targetingKey: string }, string>({
    initial: { targetingKey: '' },
    check: ({ targetingKey }) =>
      targetingKey === ''
        ? { ok: false, errors: { targetingKey: t`Enter the targeting key, exactly as services send it.` } }
        : { ok: true, ready: targetingKey },
    submit: async (targetingKey) => {
      const erased = await eraseTargetingKey(project, environment.key, targetingKey);
      toastDone({
        title: erased ? t`What was sampled of them is removed` : t`Nothing was stored of them`,
        text: erased ? t`They are sampled again when flags are evaluated for them again.` : undefined,
      });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Erase someone in ${environment.name}`}
      description={t`Removes what was sampled of them. Flags go on being evaluated for them.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Erase someone`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Targeting key`} error={errors.targetingKey}>
            <TextInput
              mono
              autoFocus
              autoComplete="off"
              value={values.targetingKey}
              onChange={(targetingKey) => change({ targetingKey })}
            />
          </Field>
        </div>
        <ActOrCancel onCancel={onClose} look="danger" busy={busy}>
          <Trans>Erase</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
