import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { keysQuery, updateKey } from '../../api/keys.ts';
import type { Environment, KeyPatch, SdkKey } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { useForm } from '../../ui/use-form.ts';
import { draftOfKey, type KeyDraft, patchOf, readKey } from './key-draft.ts';
import { KeyFields } from './key-fields.tsx';

interface EditKeyDialogProps {
  project: string;
  environment: Environment;
  sdkKey: SdkKey;
  onClose: () => void;
}

/** Changes a key's name, its end, and whose pages may use it. Shown for as long as it is rendered. */
export function EditKeyDialog({ project, environment, sdkKey, onClose }: EditKeyDialogProps) {
  const client = useQueryClient();
  // As it was when the dialog opened: what is not typed anew stays as others, or a rotation, set it meanwhile.
  const [seen] = useState(sdkKey);
  const { values, change, errors, busy, onSubmit } = useForm<KeyDraft, KeyPatch | undefined>({
    initial: draftOfKey(seen),
    check: (draft) => {
      const read = readKey(draft, sdkKey.kind);
      return read.ok ? { ok: true, ready: patchOf(seen, read.ready) } : read;
    },
    submit: async (patch) => {
      if (patch !== undefined) {
        const { name } = await updateKey(project, environment.key, sdkKey.id, patch);
        await client.invalidateQueries({ queryKey: keysQuery(project, environment.key).queryKey });
        toastDone({ title: t`The key ${name} is changed` });
      }
      onClose();
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Edit ${sdkKey.name}`}
      description={
        <Trans>
          Of {environment.name}. Its secret stays as it is: <code className="font-mono">{sdkKey.prefix}…</code>
        </Trans>
      }
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Key`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <KeyFields kind={sdkKey.kind} draft={values} errors={errors} onChange={change} />
        </div>
        <ActOrCancel onCancel={onClose} look={environment.production ? 'production' : 'primary'} busy={busy}>
          <Trans>Save key</Trans>
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
