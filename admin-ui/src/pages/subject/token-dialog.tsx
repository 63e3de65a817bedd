import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createToken, type TokenHolder } from '../../api/people.ts';
import type { NewToken } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SecretDialog } from '../../ui/secret-dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from '../../ui/use-form.ts';

const lifetimes = [
  { value: '30', label: msg`30 days` },
  { value: '90', label: msg`90 days` },
  { value: '366', label: msg`A year` },
  { value: 'never', label: msg`Until it is revoked` },
] as const;

type Lifetime = (typeof lifetimes)[number]['value'];

/** Makes a token, then shows its secret, once. Shown for as long as it is rendered. */
export function TokenDialog({ holder, onClose }: { holder: TokenHolder; onClose: () => void }) {
  const [created, setCreated] = useState<NewToken>();
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm<{ name: string; lifetime: Lifetime }, string>({
    initial: { name: '', lifetime: '90' },
    check: ({ name }) =>
      name.trim() === ''
        ? { ok: false, errors: { name: t`Name it after where it will be kept, such as ci.` } }
        : { ok: true, ready: name.trim() },
    submit: async (name) => {
      const expiresInDays = values.lifetime === 'never' ? null : Number(values.lifetime);
      setCreated(await createToken(holder, { name, expiresInDays }));
      void client.invalidateQueries({ queryKey: ['people', 'tokens'] });
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  if (created) {
    return <SecretDialog title={t`Token ${created.name}`} secret={created.secret} onClose={onClose} />;
  }
  return (
    <Dialog open onClose={onClose} title={t`New token`}>
      <form onSubmit={onSubmit} noValidate aria-label={t`New token`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <Field label={t`Name`} error={errors.name}>
            <TextInput
              autoFocus
              autoComplete="off"
              value={values.name}
              onChange={(name) => change({ name })}
              maxLength={200}
            />
          </Field>
          <Field label={t`Works for`} error={errors.expiresInDays}>
            <Select
              value={values.lifetime}
              options={holder.kind === 'own' ? lifetimes.slice(0, -1) : lifetimes}
              onChange={(lifetime) => change({ lifetime })}
            />
          </Field>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          <Trans>Create token</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
