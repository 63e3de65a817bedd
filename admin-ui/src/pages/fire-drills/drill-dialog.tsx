import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { fireDrillKey, putFireDrill } from '../../api/fire-drills.ts';
import type { Environment, FireDrill } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { checkDrill, draftOf, everyWords, weekdays } from './drill-draft.ts';

/** Hours; what else is set is offered, too. */
const usual = ['', '24', '168', '720'];

interface DrillDialogProps {
  project: string;
  environment: Environment;
  drill: FireDrill | null;
  onClose: () => void;
}

/** Says when drills are held, and what is too slow. */
export function DrillDialog({ project, environment, drill, onClose }: DrillDialogProps) {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: draftOf(drill, Intl.DateTimeFormat().resolvedOptions().timeZone),
    check: checkDrill,
    submit: async (body) => {
      await putFireDrill(project, environment.key, body);
      toastDone({ title: t`Fire drills in ${environment.name} are held ${everyWords(body.everyHours)}` });
      void client.invalidateQueries({ queryKey: fireDrillKey(project, environment.key) });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const isOwn = !usual.includes(values.every);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Fire drills in ${environment.name}`}
      description={t`A flag that nothing asks for is killed by an alert, and re-armed when every instance has obeyed.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Fire drills`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t`How often`} error={errors.everyHours}>
              <Select
                value={values.every}
                options={[...usual, ...(isOwn ? [values.every] : [])].map((value) => ({
                  ...{ value, label: everyWords(value === '' ? null : Number(value)) },
                }))}
                onChange={(every) => change({ every })}
              />
            </Field>
            <div className="flex flex-col gap-1.5">
              <span className="font-medium text-xs">
                <Trans>Too slow from, in ms</Trans>
              </span>
              <NumberInput
                label={t`Too slow from, in ms`}
                {...{ min: 1, max: 60_000, value: values.limitMs }}
                onChange={(limitMs) => change({ limitMs })}
              />
            </div>
          </div>
          <div>
            <Segmented
              label={t`When it may begin by itself`}
              value={values.isBounded ? 'window' : 'any'}
              options={[
                { value: 'any', label: t`At any time` },
                { value: 'window', label: t`Within a window` },
              ]}
              onChange={(when) => change({ isBounded: when === 'window' })}
            />
          </div>
          {values.isBounded && (
            <>
              <ul aria-label={t`Days`} className="flex flex-wrap gap-x-4 gap-y-2">
                {weekdays.map((day) => {
                  const name = `${day.charAt(0).toUpperCase()}${day.slice(1)}`;
                  return (
                    <li key={day} className="flex items-center gap-2 text-xs">
                      <Checkbox
                        label={name}
                        checked={values.weekdays.includes(day)}
                        onChange={(checked) =>
                          change({
                            weekdays: checked
                              ? [...values.weekdays, day]
                              : values.weekdays.filter((other) => other !== day),
                          })
                        }
                      />
                      {name.slice(0, 3)}
                    </li>
                  );
                })}
              </ul>
              {errors.weekdays && (
                <p role="alert" className="text-danger-ink text-xs">
                  {errors.weekdays}
                </p>
              )}
              <div className="grid grid-cols-2 gap-4">
                <Field label={t`From`} error={errors.times}>
                  <TextInput type="time" value={values.from} onChange={(from) => change({ from })} />
                </Field>
                <Field label={t`To`}>
                  <TextInput type="time" value={values.to} onChange={(to) => change({ to })} />
                </Field>
              </div>
              <Field label={t`Time zone`} hint={t`Such as Europe/Berlin.`} error={errors.window}>
                <TextInput value={values.timeZone} onChange={(timeZone) => change({ timeZone })} maxLength={100} />
              </Field>
            </>
          )}
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Save</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
