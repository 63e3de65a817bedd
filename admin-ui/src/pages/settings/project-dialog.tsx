import { KEY_PATTERN } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createProject } from '../../api/projects.ts';
import { flagsPath } from '../../paths.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { suggestKey } from '../flags/flag-draft.ts';

interface ProjectDialogProps {
  /** Keys that projects have. */
  taken: readonly string[];
  onClose: () => void;
}

const keyPattern = new RegExp(KEY_PATTERN);

/** Makes a project, then leads to it. Shown for as long as it is rendered. */
export function ProjectDialog({ taken, onClose }: ProjectDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { name: '', key: '' },
    check: ({ name, key }) => {
      const wrong = {
        ...(name.trim() === '' && { name: t`Enter a name, such as Shop.` }),
        ...(!keyPattern.test(key) && { key: t`Use small letters, digits and dashes, such as shop.` }),
        ...(taken.includes(key) && { key: t`There is a project ${key}. Choose another key.` }),
      };
      if (Object.keys(wrong).length > 0) return { ok: false, errors: wrong };
      return { ok: true, ready: { name: name.trim(), key } };
    },
    submit: async (body) => {
      const { key, name } = await createProject(body);
      await client.invalidateQueries({ queryKey: ['projects'], exact: true });
      toastDone({ title: t`The project ${name} is there`, text: t`With the environments development and production.` });
      await navigate(flagsPath(key));
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`New project`}
      description={t`Flags, environments and keys of one product, apart from those of others.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`New project`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput
              autoFocus
              autoComplete="off"
              maxLength={200}
              value={values.name}
              onChange={(name) =>
                change(values.key === suggestKey(values.name) ? { name, key: suggestKey(name) } : { name })
              }
            />
          </Field>
          <Field label={t`Key`} hint={t`Programs and addresses name it: it stays.`} error={errors.key}>
            <TextInput mono autoComplete="off" value={values.key} onChange={(key) => change({ key })} />
          </Field>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Create project</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
