import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { renameGroup } from '../../api/people.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';

interface RenameGroupDialogProps {
  group: string;
  name: string;
  onClose: () => void;
}

/** Gives a group another name; its members and roles stay. Shown for as long as it is rendered. */
export function RenameGroupDialog({ group, name, onClose }: RenameGroupDialogProps) {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm<{ name: string }, string>({
    initial: { name },
    check: (typed) =>
      typed.name.trim() === ''
        ? { ok: false, errors: { name: t`Enter a name.` } }
        : { ok: true, ready: typed.name.trim() },
    submit: async (next) => {
      if (next !== name) await renameGroup(group, next);
      await client.invalidateQueries({ queryKey: ['people'] });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog open onClose={onClose} title={t`Rename ${name}`} description={t`Its members and roles stay as they are.`}>
      <form onSubmit={onSubmit} noValidate aria-label={t`Rename ${name}`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput
              autoFocus
              autoComplete="off"
              maxLength={200}
              value={values.name}
              onChange={(typed) => change({ name: typed })}
            />
          </Field>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Rename group</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
