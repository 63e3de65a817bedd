import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sayFailure } from '../../api/api-error.ts';
import { keysQuery, rotateKey } from '../../api/keys.ts';
import type { CreatedKey, Environment, SdkKey } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { KeySecret } from './key-secret.tsx';

/** How long the old key is valid beside the new one, in days; `open`: until someone revokes it. */
const spans = [
  { value: '1', label: msg`A day` },
  { value: '7', label: msg`A week` },
  { value: 'open', label: msg`Until revoked` },
] as const;

const dayMs = 24 * 60 * 60 * 1_000;

interface RotateDialogProps {
  project: string;
  environment: Environment;
  sdkKey: SdkKey;
  onClose: () => void;
}

/** Makes a key that takes the place of another; both are valid meanwhile. Shown for as long as it is rendered. */
export function RotateDialog({ project, environment, sdkKey, onClose }: RotateDialogProps) {
  const client = useQueryClient();
  const [span, setSpan] = useState<(typeof spans)[number]['value']>('7');
  const [made, setMade] = useState<CreatedKey>();
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const rotate = async () => {
    setBusy(true);
    try {
      const oldUntil = span === 'open' ? null : new Date(Date.now() + Number(span) * dayMs).toISOString();
      setMade(await rotateKey(project, environment.key, sdkKey.id, oldUntil));
      void client.invalidateQueries({ queryKey: keysQuery(project, environment.key).queryKey });
    } catch (reason) {
      setError(sayFailure(reason));
    }
    setBusy(false);
  };
  if (made) {
    return (
      <Dialog
        open
        onClose={onClose}
        width="wide"
        title={t`New key ${made.name}`}
        description={t`Copy the secret now: it is not stored and cannot be shown again.`}
      >
        <KeySecret created={made} onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Rotate ${sdkKey.name}?`}
      description={t`A new key of the same name is made. Services go over to it while both are valid.`}
    >
      <div className="flex flex-col items-start gap-1.5 px-5 py-4">
        {error !== undefined && <Notice title={error} />}
        <span className="font-medium text-xs">
          <Trans>The old key is valid for</Trans>
        </span>
        <Segmented label={t`The old key is valid for`} value={span} options={spans} onChange={setSpan} />
        <p className="text-ink-3 text-xs">
          <Trans>Who still uses it is shown beside it until it ends.</Trans>
        </p>
      </div>
      <ActOrCancel
        onCancel={onClose}
        look={environment.production ? 'production' : 'primary'}
        busy={isBusy}
        onAct={() => void rotate()}
      >
        <Trans>Rotate key</Trans>
      </ActOrCancel>
    </Dialog>
  );
}
