import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Environment, SdkKey } from '../../api/types.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { TypedConfirmDialog } from '../../ui/typed-confirm-dialog.tsx';
import { useNow } from '../../ui/use-now.ts';
import { isRecentlyUsed, type KeyUsage } from './key-usage.ts';

interface RevokeDialogProps {
  environment: Environment;
  sdkKey: SdkKey;
  usage: KeyUsage | undefined;
  onClose: () => void;
  onConfirm: () => void;
}

/** Asks before a key ends for good: of one that is in use its name is typed. Shown for as long as it is rendered. */
export function RevokeDialog({ environment, sdkKey, usage, onClose, onConfirm }: RevokeDialogProps) {
  const { name, kind, lastUsedAt } = sdkKey;
  const nowMs = useNow();
  const asked = {
    ...{ title: t`Revoke ${name} in ${environment.name}?`, confirmLabel: t`Revoke key`, onClose, onConfirm },
  };
  const instances = usage?.instances ?? 0;
  const consequences = (
    <>
      <p>
        <Trans>
          Whoever is connected with it is disconnected at once and cannot come back with it. Running services keep
          answering from the last ruleset that they got, but learn of no more changes.
        </Trans>
      </p>
      <p>
        <Trans>This cannot be undone.</Trans>
      </p>
    </>
  );
  let inUse: ReactNode;
  if (instances > 0) {
    inUse = (
      <p className="font-medium text-danger-ink">
        <Trans>
          {plural(instances, { one: '# instance uses it now', other: '# instances use it now' })}:{' '}
          {usage?.runs.join(', ')}.
        </Trans>
      </p>
    );
  } else if (lastUsedAt !== null && isRecentlyUsed(lastUsedAt, nowMs)) {
    inUse = (
      <p className="font-medium text-danger-ink">
        {kind === 'server' ? (
          <Trans>
            A service may be using it: it was last used <RelativeTime at={lastUsedAt} />.
          </Trans>
        ) : kind === 'client' ? (
          <Trans>
            Pages may be using it: it was last used <RelativeTime at={lastUsedAt} />.
          </Trans>
        ) : (
          <Trans>
            A relay may be using it: it was last used <RelativeTime at={lastUsedAt} />.
          </Trans>
        )}
      </p>
    );
  }
  if (inUse === undefined) {
    return (
      <ConfirmDialog open look="danger" {...asked}>
        {consequences}
      </ConfirmDialog>
    );
  }
  return (
    <TypedConfirmDialog word={name} {...asked}>
      {inUse}
      {consequences}
    </TypedConfirmDialog>
  );
}
