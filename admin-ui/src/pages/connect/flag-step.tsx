import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { refreshFlags } from '../../api/flag-cache.ts';
import { createFlag, flagQuery } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import type { Flag, Project } from '../../api/types.ts';
import { FlagPicker } from '../../flags/flag-picker.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { emptyDraft, readDraft } from '../flags/flag-draft.ts';

interface FlagStepProps {
  project: Project;
  flag: Flag | undefined;
  /** Undefined: another is to be chosen. */
  onChoose: (flag: string | undefined) => void;
}

/** Makes a flag, or takes one that is there. */
export function FlagStep({ project, flag, onChoose }: FlagStepProps) {
  const may = useMay(project.key);
  const [isPicking, setPicking] = useState(false);
  if (flag) {
    return (
      <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <code className="break-all font-mono">{flag.key}</code>
        <Button look="quiet" onClick={() => onChoose(undefined)}>
          <Trans>Choose another</Trans>
        </Button>
      </p>
    );
  }
  const isMaking = may('flag:write') && !isPicking;
  return (
    <>
      {isMaking ? (
        <NewFlag project={project.key} onCreated={onChoose} />
      ) : (
        <FlagPicker project={project.key} verb={t`Take`} onPick={({ key }) => onChoose(key)} />
      )}
      {project.flagCount > 0 && may('flag:write') && (
        <div>
          <Button look="quiet" onClick={() => setPicking(isMaking)}>
            {isMaking ? t`Take one that is there` : t`Make a new one`}
          </Button>
        </div>
      )}
    </>
  );
}

function NewFlag({ project, onCreated }: { project: string; onCreated: (key: string) => void }) {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { key: 'new-checkout' },
    check: ({ key }) => readDraft({ ...emptyDraft, key }),
    submit: async (body) => {
      const flag = await createFlag(project, body);
      client.setQueryData(flagQuery(project, flag.key).queryKey, flag);
      void refreshFlags(client, project);
      onCreated(flag.key);
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <form onSubmit={onSubmit} noValidate aria-label={t`First flag`} className="flex flex-col gap-3">
      {errors[''] && <Notice title={errors['']} />}
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <Field
            label={t`Key`}
            hint={t`Any name that your code will know. It is off to begin with.`}
            error={errors.key}
          >
            <TextInput
              mono
              name="key"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={values.key}
              onChange={(key) => change({ key })}
            />
          </Field>
        </div>
        <Button type="submit" look="primary" busy={busy} className="sm:mt-6">
          <Trans>Create flag</Trans>
        </Button>
      </div>
    </form>
  );
}
