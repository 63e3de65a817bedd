import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { createKey, keysQuery } from '../../api/keys.ts';
import type { CreatedKey, CreateKeyBody, Environment } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useForm } from '../../ui/use-form.ts';
import { type KeyDraft, newKeyDraft, readKey } from './key-draft.ts';
import { KeyFields } from './key-fields.tsx';
import { KeySecret } from './key-secret.tsx';

interface CreateKeyDialogProps {
  project: string;
  environment: Environment;
  open: boolean;
  onClose: () => void;
}

/** Makes a key, then shows its secret: the only time that anyone can see it. */
export function CreateKeyDialog({ project, environment, open, onClose }: CreateKeyDialogProps) {
  const [created, setCreated] = useState<CreatedKey>();
  const close = () => {
    onClose();
    setCreated(undefined);
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      width={created ? 'wide' : 'narrow'}
      title={created ? t`Key ${created.name}` : t`New key for ${environment.name}`}
      description={created ? t`Copy the secret now: it is not stored and cannot be shown again.` : undefined}
    >
      {created ? (
        <KeySecret created={created} onDone={close} />
      ) : (
        <CreateKeyForm project={project} environment={environment} onCreated={setCreated} onCancel={close} />
      )}
    </Dialog>
  );
}

const kinds = [
  { value: 'server', label: msg`Server` },
  { value: 'client', label: msg`Client` },
  { value: 'relay', label: msg`Relay` },
] as const;

type Kind = (typeof kinds)[number]['value'];

const explanations: Record<Kind, MessageDescriptor> = {
  server: msg`For services: gets all flags with their rules. A secret; never put it into a page.`,
  client: msg`For pages: gets the values of flags that are visible to browsers. It is public.`,
  relay: msg`For bunting-server relay: gets all flags, and the hashes of all keys, to serve them further. A secret.`,
};

interface CreateKeyFormProps {
  project: string;
  environment: Environment;
  onCreated: (key: CreatedKey) => void;
  onCancel: () => void;
}

function CreateKeyForm({ project, environment, onCreated, onCancel }: CreateKeyFormProps) {
  const client = useQueryClient();
  const { values, change, errors, busy, onSubmit } = useForm<KeyDraft & { kind: Kind }, CreateKeyBody>({
    initial: { kind: 'server', ...newKeyDraft },
    check: ({ kind, ...draft }) => {
      const read = readKey(draft, kind);
      return read.ok ? { ok: true, ready: { kind, ...read.ready } } : read;
    },
    submit: async (body) => {
      onCreated(await createKey(project, environment.key, body));
      void client.invalidateQueries({ queryKey: keysQuery(project, environment.key).queryKey });
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <form onSubmit={onSubmit} noValidate aria-label={t`New key`}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {errors[''] && <Notice title={errors['']} />}
        <div className="flex flex-col items-start gap-1.5">
          <span className="font-medium text-xs">
            <Trans>Kind</Trans>
          </span>
          <Segmented label={t`Kind`} value={values.kind} options={kinds} onChange={(kind) => change({ kind })} />
          <p className="text-ink-3 text-xs">{t(explanations[values.kind])}</p>
        </div>
        <KeyFields kind={values.kind} draft={values} errors={errors} onChange={change} />
      </div>
      <ActOrCancel onCancel={onCancel} look={environment.production ? 'production' : 'primary'} busy={busy}>
        <Trans>Create key</Trans>
      </ActOrCancel>
    </form>
  );
}
