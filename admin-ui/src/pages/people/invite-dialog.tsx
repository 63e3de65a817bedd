import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { inviteUser } from '../../api/people.ts';
import type { Invitation } from '../../api/types.ts';
import { subjectPath } from '../../paths.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { OneTimeLink } from '../subject/one-time-link.tsx';

/** Makes an account for someone, then shows the link by which they come in. Shown for as long as it is rendered. */
export function InviteDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const [invitation, setInvitation] = useState<Invitation>();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: { email: '', name: '' },
    check: ({ email, name }) => {
      const wrong = {
        ...(!/^\S+@\S+$/.test(email.trim()) && { email: t`Enter their address, such as ada@example.com.` }),
        ...(name.trim() === '' && { name: t`Enter the name by which others know them.` }),
      };
      if (Object.keys(wrong).length > 0) return { ok: false, errors: wrong };
      return { ok: true, ready: { email: email.trim(), name: name.trim() } };
    },
    submit: async (body) => {
      setInvitation(await inviteUser(body));
      void client.invalidateQueries({ queryKey: ['people', 'users'] });
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  if (invitation) {
    return (
      <Dialog
        open
        onClose={onClose}
        width="wide"
        title={t`${invitation.user.name} is invited`}
        description={t`They may do nothing until they are granted a role.`}
      >
        <div className="px-5 py-4">
          <OneTimeLink link={invitation.link} />
        </div>
        <DialogActions>
          <Button onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          <Button look="primary" onClick={() => void navigate(subjectPath(project, 'user', invitation.user.id))}>
            <Trans>Grant a role</Trans>
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={t`Invite someone`}>
      <form onSubmit={onSubmit} noValidate aria-label={t`Invite someone`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Email`} error={errors.email}>
            <TextInput
              type="email"
              autoFocus
              autoComplete="off"
              value={values.email}
              onChange={(email) => change({ email })}
            />
          </Field>
          <Field label={t`Name`} error={errors.name}>
            <TextInput autoComplete="off" value={values.name} onChange={(name) => change({ name })} maxLength={200} />
          </Field>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Invite</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
