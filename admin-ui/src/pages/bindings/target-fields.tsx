import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { X } from 'lucide-react';
import type { Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { FlagPicker } from '../../flags/flag-picker.tsx';
import { IconButton } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Segmented } from '../../ui/segmented.tsx';
import type { BindingDraft } from './binding-draft.ts';

interface TargetFieldsProps {
  project: Project;
  draft: BindingDraft;
  errors: FormErrors;
  onChange: (part: Partial<BindingDraft>) => void;
}

/** What is acted on: chosen here, or named by the alert's own labels. */
export function TargetFields({ project, draft, errors, onChange }: TargetFieldsProps) {
  const { flagsBy, flags, environmentsBy, environments } = draft;
  return (
    <>
      <fieldset className="flex min-w-0 flex-col items-start gap-2">
        <legend className="mb-1.5 font-medium text-xs">
          <Trans>Flags</Trans>
        </legend>
        <Segmented
          label={t`Which flags`}
          value={flagsBy}
          options={[
            { value: 'keys', label: t`These` },
            { value: 'tag', label: t`With a tag` },
            { value: 'label', label: t`Named by a label` },
          ]}
          onChange={(next) => onChange({ flagsBy: next })}
        />
        {flagsBy === 'keys' && (
          <div className="flex w-full min-w-0 flex-col gap-2">
            {flags.length > 0 && (
              <ul aria-label={t`Flags of the binding`} className="flex flex-wrap gap-1.5">
                {flags.map((key) => (
                  <li key={key} className="flex min-w-0 items-center rounded-sm border border-line bg-sunken ps-2">
                    <code className="truncate text-xs">{key}</code>
                    <IconButton
                      label={t`Remove ${key}`}
                      onClick={() => onChange({ flags: flags.filter((other) => other !== key) })}
                    >
                      <X aria-hidden />
                    </IconButton>
                  </li>
                ))}
              </ul>
            )}
            <FlagPicker
              project={project.key}
              verb={t`Add`}
              without={flags}
              onPick={({ key }) => onChange({ flags: [...flags, key] })}
            />
          </div>
        )}
        {flagsBy === 'tag' && (
          <TextInput mono aria-label={t`Tag`} value={draft.tag} onChange={(tag) => onChange({ tag })} maxLength={100} />
        )}
        {flagsBy === 'label' && (
          <TextInput
            mono
            aria-label={t`Label that names the flag`}
            value={draft.flagLabel}
            onChange={(flagLabel) => onChange({ flagLabel })}
            maxLength={200}
          />
        )}
        <FieldError error={errors.flags} />
      </fieldset>
      <fieldset className="flex min-w-0 flex-col items-start gap-2">
        <legend className="mb-1.5 font-medium text-xs">
          <Trans>Environments</Trans>
        </legend>
        <Segmented
          label={t`Which environments`}
          value={environmentsBy}
          options={[
            { value: 'keys', label: t`These` },
            { value: 'label', label: t`Named by a label` },
          ]}
          onChange={(next) => onChange({ environmentsBy: next })}
        />
        {environmentsBy === 'keys' ? (
          <ul aria-label={t`Environments of the binding`} className="flex flex-wrap gap-x-5 gap-y-2 py-1">
            {project.environments.map((environment) => {
              const { key, name } = environment;
              return (
                <li key={key} className="flex items-center gap-2">
                  <Checkbox
                    label={t`Act in ${name}`}
                    checked={environments.includes(key)}
                    onChange={(checked) =>
                      onChange({
                        environments: checked ? [...environments, key] : environments.filter((other) => other !== key),
                      })
                    }
                  />
                  <EnvironmentName environment={environment} />
                </li>
              );
            })}
          </ul>
        ) : (
          <TextInput
            mono
            aria-label={t`Label that names the environment`}
            value={draft.environmentLabel}
            onChange={(environmentLabel) => onChange({ environmentLabel })}
            maxLength={200}
          />
        )}
        <FieldError error={errors.environments} />
      </fieldset>
    </>
  );
}

function FieldError({ error }: { error: string | undefined }) {
  return error === undefined ? null : (
    <p role="alert" className="text-danger-ink text-xs">
      {error}
    </p>
  );
}
