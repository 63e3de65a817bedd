import { t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { putRole, rolesQuery } from '../../api/people.ts';
import type { RoleBody } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { suggestKey } from '../flags/flag-draft.ts';
import { PermissionFields } from './permission-fields.tsx';
import { type RoleDraft, readRole } from './role-draft.ts';

interface RoleDialogProps {
  /** What it begins with. */
  initial: RoleDraft;
  /** Keys of the roles that are there; undefined: this one is changed. */
  taken: readonly string[] | undefined;
  onClose: () => void;
}

/** Makes a role, or changes what one gives. Shown for as long as it is rendered. */
export function RoleDialog({ initial, taken, onClose }: RoleDialogProps) {
  const client = useQueryClient();
  const isNew = taken !== undefined;
  const { values, change, errors, busy, onSubmit } = useForm<RoleDraft, { key: string; body: RoleBody }>({
    initial,
    check: (draft) => readRole(draft, taken ?? []),
    submit: async ({ key, body }) => {
      await putRole(key, body);
      await client.invalidateQueries(rolesQuery);
      void client.invalidateQueries({ queryKey: ['permissions'] });
      toastDone({
        title: isNew ? t`There is a role ${body.name}` : t`${body.name} is changed`,
        text: isNew ? t`Grant it to people, groups and programs.` : t`It holds for all who have it, from now on.`,
      });
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  const problem = errors[''] ?? errors.permissions;
  return (
    <Dialog open onClose={onClose} width="wide" title={isNew ? t`New role` : t`Edit ${initial.name}`}>
      <form onSubmit={onSubmit} noValidate aria-label={t`Role`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {problem && <Notice title={problem} />}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t`Name`} error={errors.name}>
              <TextInput
                autoFocus
                autoComplete="off"
                maxLength={200}
                value={values.name}
                onChange={(name) =>
                  change(isNew && values.key === suggestKey(values.name) ? { name, key: suggestKey(name) } : { name })
                }
              />
            </Field>
            {isNew && (
              <Field label={t`Key`} hint={t`It stays.`} error={errors.key}>
                <TextInput mono autoComplete="off" value={values.key} onChange={(key) => change({ key })} />
              </Field>
            )}
          </div>
          <Field label={t`Description`} optional error={errors.description}>
            <TextInput
              autoComplete="off"
              maxLength={1_000}
              value={values.description}
              onChange={(description) => change({ description })}
            />
          </Field>
          <PermissionFields draft={values} onChange={change} />
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          {isNew ? t`Create role` : t`Save role`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
