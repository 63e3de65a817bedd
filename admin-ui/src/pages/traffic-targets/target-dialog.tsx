import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { type ApiError, asApiError, fieldErrors } from '../../api/api-error.ts';
import { putTrafficTarget } from '../../api/traffic.ts';
import type { Environment, TrafficTarget } from '../../api/types.ts';
import { kindNames, trafficKinds } from '../../traffic/kinds.ts';
import { checkTarget, draftOf, secretsAsked, type TargetDraft } from '../../traffic/target-draft.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from '../../ui/use-form.ts';
import { newSecret } from './new-secret.ts';
import { SettingField } from './setting-field.tsx';

interface TargetDialogProps {
  project: string;
  environment: Environment;
  /** The one that is changed; absent: a new one. */
  target?: TrafficTarget;
  onClose: () => void;
  /** Told its key. */
  onSaved: (key: string) => void;
}

/** Makes a traffic target, or changes where one leads. Shown for as long as it is rendered. */
export function TargetDialog({ project, environment, target, onClose, onSaved }: TargetDialogProps) {
  const client = useQueryClient();
  // As it was when the dialog opened: what someone else saves meanwhile is refused, not overrun.
  const [seen] = useState(target);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: firstDraft(seen),
    check: (draft: TargetDraft) => checkTarget(draft, target?.secrets ?? []),
    submit: async ({ key, body }) => {
      await putTrafficTarget({ project, environment: environment.key, target: key }, body, seen?.version ?? 0);
      await client.invalidateQueries({ queryKey: ['traffic', project, environment.key] });
      void client.invalidateQueries({ queryKey: ['releases', project, 'traffic', environment.key, key] });
      onSaved(key);
    },
    explain: (error) => explain(asApiError(error), target === undefined),
  });
  const kind = trafficKinds[values.kind];
  const type = (path: string, value: string) => change({ typed: { ...values.typed, [path]: value } });
  const title = target ? t`Edit ${target.key}` : t`New traffic target in ${environment.name}`;
  return (
    <Dialog open onClose={onClose} width="wide" title={title} description={t(kind.means)}>
      <form onSubmit={onSubmit} noValidate aria-label={title}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          {!target && (
            <Field label={t`Kind`} error={errors.kind}>
              <Select
                value={values.kind}
                options={kindNames.map((value) => ({ value, label: trafficKinds[value].name }))}
                onChange={(next) => change({ kind: next })}
              />
            </Field>
          )}
          <div className="grid gap-4 sm:grid-cols-2">
            {!target && (
              <Field label={t`Key`} hint={t`Releases name it so; it cannot be changed later.`} error={errors.key}>
                <TextInput mono autoFocus value={values.key} onChange={(key) => change({ key })} autoComplete="off" />
              </Field>
            )}
            <Field label={t`Name`} optional={!target} error={errors.name}>
              <TextInput value={values.name} onChange={(name) => change({ name })} maxLength={200} />
            </Field>
          </div>
          {kind.settings.map((setting) => (
            <SettingField
              key={setting.path}
              setting={setting}
              value={values.typed[setting.path] ?? ''}
              error={errorAt(errors, `settings.${setting.path}`)}
              onChange={(value) => type(setting.path, value)}
            />
          ))}
          {secretsAsked(values).map((secret) => {
            const path = `secrets.${secret.path}`;
            const isKept = target?.secrets.includes(secret.path) ?? false;
            return (
              <div key={path} className="flex flex-col items-start gap-2">
                <div className="w-full">
                  <SettingField
                    setting={{
                      ...secret,
                      ...(isKept && {
                        optional: true,
                        hint: msg`Kept sealed. Empty: it stays; needed anew when settings change.`,
                      }),
                    }}
                    value={values.typed[path] ?? ''}
                    error={errorAt(errors, path) ?? errors.secrets}
                    onChange={(value) => type(path, value)}
                  />
                </div>
                {secret.path === 'secret' && (
                  <Button look="quiet" className="-ms-3" onClick={() => type(path, newSecret())}>
                    <Trans>
                      <KeyRound aria-hidden />
                      Make one up
                    </Trans>
                  </Button>
                )}
              </div>
            );
          })}
        </div>
        <ActOrCancel onCancel={onClose} look={environment.production ? 'production' : 'primary'} busy={busy}>
          {target ? t`Save` : t`Create target`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}

function firstDraft(target: TrafficTarget | undefined): TargetDraft {
  const draft = draftOf(target);
  return target ? draft : { ...draft, typed: { ...draft.typed, cluster: 'own' } };
}

/** What is wrong with a field or with a part of it, such as one name of several. */
function errorAt(errors: FormErrors, path: string): string | undefined {
  return errors[path] ?? Object.entries(errors).find(([place]) => place.startsWith(`${path}[`))?.[1];
}

function explain(error: ApiError, isNew: boolean): FormErrors {
  // Who makes a new one follows no version: so there is one of this key.
  if (isNew && error.code === 'version_mismatch') return { key: t`It is there already: open it to change it.` };
  return fieldErrors(error);
}
