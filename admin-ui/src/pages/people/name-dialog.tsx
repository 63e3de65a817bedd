import { msg, t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createGroup, createServiceAccount } from '../../api/people.ts';
import { subjectPath } from '../../paths.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';

const kinds = {
  groups: {
    title: msg`New group`,
    act: msg`Create group`,
    hint: msg`Such as a team.`,
    kind: 'group',
    create: createGroup,
  },
  programs: {
    ...{
      title: msg`New service account`,
      act: msg`Create service account`,
      hint: msg`After the program that will use it.`,
    },
    ...({ kind: 'service-account', create: createServiceAccount } as const),
  },
} as const;

interface NameDialogProps {
  project: string;
  of: keyof typeof kinds;
  onClose: () => void;
}

/** Makes a group or a service account, then leads to it. Shown for as long as it is rendered. */
export function NameDialog({ project, of, onClose }: NameDialogProps) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { title, act, hint, kind, create } = kinds[of];
  const { values, change, errors, busy, onSubmit } = useForm<{ name: string }, string>({
    initial: { name: '' },
    check: ({ name }) =>
      name.trim() === '' ? { ok: false, errors: { name: t`Enter a name.` } } : { ok: true, ready: name.trim() },
    submit: async (name) => {
      const { id } = await create(name);
      await client.invalidateQueries({ queryKey: ['people'] });
      await navigate(subjectPath(project, kind, id));
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog open onClose={onClose} title={t(title)}>
      <form onSubmit={onSubmit} noValidate aria-label={t(title)}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} hint={t(hint)} error={errors.name}>
            <TextInput
              autoFocus
              autoComplete="off"
              value={values.name}
              onChange={(name) => change({ name })}
              maxLength={200}
            />
          </Field>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          {t(act)}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
