import { t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { refreshFlags } from '../../api/flag-cache.ts';
import { createEnvironment, updateEnvironment } from '../../api/projects.ts';
import type { Environment, EnvironmentBody, EnvironmentPatch, Project } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { ColorChoice } from '../../ui/color-choice.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { suggestKey } from '../flags/flag-draft.ts';
import {
  draftOf,
  type EnvironmentDraft,
  emptyEnvironment,
  readEnvironmentPatch,
  readNewEnvironment,
  warningsOf,
} from './environment-draft.ts';
import { SafetyFields } from './safety-fields.tsx';

interface EnvironmentDialogProps {
  project: Project;
  /** Undefined: a new one is made. */
  environment: Environment | undefined;
  onClose: () => void;
}

/** What an environment is; its key stays. Shown for as long as it is rendered. */
export function EnvironmentDialog({ project, environment, onClose }: EnvironmentDialogProps) {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm<EnvironmentDraft, EnvironmentBody | EnvironmentPatch>({
    initial: environment ? draftOf(environment) : emptyEnvironment,
    check: (draft) =>
      environment
        ? readEnvironmentPatch(draft, environment)
        : readNewEnvironment(
            draft,
            project.environments.map(({ key }) => key),
          ),
    submit: async (body) => {
      if ('key' in body) await createEnvironment(project.key, body);
      else if (environment && Object.keys(body).length > 0) await updateEnvironment(project.key, environment, body);
      await client.invalidateQueries({ queryKey: ['projects'] });
      // Who may do what follows from production; each flag tells of each environment.
      void client.invalidateQueries({ queryKey: ['permissions'] });
      void refreshFlags(client, project.key);
      toastDone({ title: environment ? t`${values.name} is changed` : t`${values.name} is there` });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const warnings = environment ? warningsOf(values, environment) : [];
  const isGrave = values.production || environment?.production === true;
  return (
    <Dialog open onClose={onClose} title={environment ? t`Edit ${environment.name}` : t`New environment`}>
      <form onSubmit={onSubmit} noValidate aria-label={t`Environment`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput
              autoFocus
              autoComplete="off"
              maxLength={200}
              value={values.name}
              onChange={(name) =>
                change(
                  environment || values.key !== suggestKey(values.name) ? { name } : { name, key: suggestKey(name) },
                )
              }
            />
          </Field>
          {!environment && (
            <>
              <Field label={t`Key`} hint={t`Programs and addresses name it: it stays.`} error={errors.key}>
                <TextInput mono autoComplete="off" value={values.key} onChange={(key) => change({ key })} />
              </Field>
              <Field label={t`Begins as`} hint={t`Keys and kills are not copied.`} error={errors.from}>
                <Select
                  value={values.from}
                  options={[
                    { value: '', label: t`Empty: all flags are off` },
                    ...project.environments.map(({ key, name }) => ({ value: key, label: t`A copy of ${name}` })),
                  ]}
                  onChange={(from) => change({ from })}
                />
              </Field>
            </>
          )}
          <ColorChoice label={t`Colour`} value={values.color} onChange={(color) => change({ color })} />
          <SafetyFields values={values} onChange={change} />
          {warnings.length > 0 && (
            <ul role="status" className="flex flex-col gap-1 border-production-line border-s-2 ps-3 text-ink-2 text-xs">
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          )}
        </div>
        <ActOrCancel onCancel={onClose} look={isGrave ? 'production' : 'primary'} busy={busy}>
          {environment ? t`Save environment` : t`Create environment`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
