import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createFreeze } from '../../api/schedules.ts';
import type { Project } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { checkFreeze } from './freeze-draft.ts';
import { timeOf } from './schedule-words.ts';

/** Freezes an environment for a time. Shown for as long as it is rendered. */
export function FreezeDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const client = useQueryClient();
  const { key, environments } = project;
  const first = environments.find(({ production }) => production) ?? environments[0];
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { environment: first?.key ?? '', name: '', from: '', to: '' },
    check: checkFreeze,
    submit: async ({ environment, ...body }) => {
      await createFreeze(key, environment, body);
      toastDone({
        title: t`${body.name}: ${environment} is frozen from ${timeOf({ at: body.from })} to ${timeOf({ at: body.to })}`,
      });
      void client.invalidateQueries({ queryKey: ['freezes', key] });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`New freeze`}
      description={t`What the environment serves is not changed meanwhile.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`New freeze`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Environment`}>
            <Select
              value={values.environment}
              options={environments.map(({ key: value, name: label }) => ({ value, label }))}
              onChange={(environment) => change({ environment })}
            />
          </Field>
          <Field label={t`Name`} hint={t`Why, for those who want to change something.`} error={errors.name}>
            <TextInput value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t`From`} hint={t`By your clock.`} error={errors.from}>
              <TextInput type="datetime-local" value={values.from} onChange={(from) => change({ from })} />
            </Field>
            <Field label={t`To`} error={errors.to}>
              <TextInput type="datetime-local" value={values.to} onChange={(to) => change({ to })} />
            </Field>
          </div>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Freeze</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
