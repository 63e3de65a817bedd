import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { rolesQuery } from '../../api/people.ts';
import { identityProvidersQuery, putIdentityProvider } from '../../api/sign-in-settings.ts';
import type { IdentityProvider } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { useForm } from '../../ui/use-form.ts';
import { checkProvider, draftOf } from './provider-draft.ts';

interface ProviderDialogProps {
  /** The one that is changed; undefined: a new one. */
  provider: IdentityProvider | undefined;
  onClose: () => void;
}

/** Sets a provider of single sign-on up, then says what to register there. Shown for as long as it is rendered. */
export function ProviderDialog({ provider, onClose }: ProviderDialogProps) {
  const client = useQueryClient();
  const [saved, setSaved] = useState<IdentityProvider>();
  const roles = useQuery(rolesQuery);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: draftOf(provider),
    check: (draft) => checkProvider(draft, provider),
    submit: async ({ key, body }) => {
      setSaved(await putIdentityProvider(key, body));
      void client.invalidateQueries(identityProvidersQuery);
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  if (saved) {
    return (
      <Dialog
        open
        onClose={onClose}
        width="wide"
        title={t`${saved.name} answers`}
        description={t`Register this address there.`}
      >
        <div className="px-5 py-4">
          <CodeBlock title={t`Redirect URI`} code={saved.callbackUrl} />
        </div>
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={provider ? t`Edit ${provider.name}` : t`New provider`}
      description={t`It is asked who it is before it is saved.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Provider`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t`Name`} hint={t`What the sign-in page calls it.`} error={errors.name}>
              <TextInput value={values.name} onChange={(name) => change({ name })} maxLength={200} />
            </Field>
            {!provider && (
              <Field label={t`Key`} hint={t`Part of its redirect URI.`} error={errors.key}>
                <TextInput mono value={values.key} onChange={(key) => change({ key })} autoComplete="off" />
              </Field>
            )}
          </div>
          <Field label={t`Issuer`} error={errors.issuer}>
            <TextInput
              mono
              placeholder="https://id.example.com"
              value={values.issuer}
              onChange={(issuer) => change({ issuer })}
            />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t`Client id`} error={errors.clientId}>
              <TextInput
                mono
                value={values.clientId}
                onChange={(clientId) => change({ clientId })}
                autoComplete="off"
              />
            </Field>
            <Field
              label={t`Client secret`}
              hint={provider && t`Left empty, it stays as it is.`}
              error={errors.clientSecret}
            >
              <TextInput
                type="password"
                autoComplete="off"
                value={values.clientSecret}
                onChange={(clientSecret) => change({ clientSecret })}
              />
            </Field>
            <Field
              label={t`Domains of addresses`}
              optional
              hint={t`Only these; empty: of any.`}
              error={errors.emailDomains}
            >
              <TextInput value={values.emailDomains} onChange={(emailDomains) => change({ emailDomains })} />
            </Field>
            <Field label={t`Role of new accounts`} error={errors.defaultRole}>
              <Select
                value={values.defaultRole}
                options={[
                  { value: '', label: t`None` },
                  ...(roles.data ?? []).map(({ key, name }) => ({ value: key, label: name })),
                ]}
                onChange={(defaultRole) => change({ defaultRole })}
              />
            </Field>
          </div>
          <div className="flex items-center gap-3">
            <Switch
              label={t`Make accounts for who has none yet`}
              checked={values.createUsers}
              onChange={(createUsers) => change({ createUsers })}
            />
            <span aria-hidden>
              <Trans>Make accounts for who has none yet</Trans>
            </span>
          </div>
        </div>
        <ActOrCancel onCancel={onClose} busy={busy}>
          {provider ? t`Save` : t`Create provider`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
