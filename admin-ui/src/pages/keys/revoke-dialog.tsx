import type { ReactNode } from 'react';
import type { Environment, SdkKey } from '../../api/types.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatCount } from '../../ui/format.ts';
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
    ...{ title: `Revoke ${name} in ${environment.name}?`, confirmLabel: 'Revoke key', onClose, onConfirm },
  };
  const instances = usage?.instances ?? 0;
  const consequences = (
    <>
      <p>
        Whoever is connected with it is disconnected at once and cannot come back with it. Running services keep
        answering from the last ruleset that they got, but learn of no more changes.
      </p>
      <p>This cannot be undone.</p>
    </>
  );
  let inUse: ReactNode;
  if (instances > 0) {
    inUse = (
      <p className="font-medium text-danger-ink">
        {formatCount(instances, 'instance')} {instances === 1 ? 'uses' : 'use'} it now: {usage?.runs.join(', ')}.
      </p>
    );
  } else if (lastUsedAt !== null && isRecentlyUsed(lastUsedAt, nowMs)) {
    const who = kind === 'server' ? 'A service' : kind === 'client' ? 'Pages' : 'A relay';
    inUse = (
      <p className="font-medium text-danger-ink">
        {who} may be using it: it was last used <RelativeTime at={lastUsedAt} />.
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
