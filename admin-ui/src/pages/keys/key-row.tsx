import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { keysQuery, revokeKey } from '../../api/keys.ts';
import type { Environment, SdkKey } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

interface KeyRowProps {
  project: string;
  environment: Environment;
  sdkKey: SdkKey;
}

export function KeyRow({ project, environment, sdkKey }: KeyRowProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: () => revokeKey(project, environment.key, sdkKey.id),
    onSuccess: () =>
      toastDone({ title: `The key ${sdkKey.name} is revoked`, text: 'Whoever used it is disconnected.' }),
    onError: (error) => toastFailed({ title: `The key ${sdkKey.name} still works`, text: asApiError(error).message }),
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery(project, environment.key).queryKey }),
  });
  const revoked = sdkKey.revokedAt !== null;
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <div className="flex min-w-0 flex-1 basis-40 items-center gap-2 sm:basis-60">
        <span className={classNames('truncate font-medium', revoked && 'text-ink-3 line-through')} title={sdkKey.name}>
          {sdkKey.name}
        </span>
        <Badge look={sdkKey.kind === 'server' ? 'plain' : 'muted'}>{sdkKey.kind}</Badge>
      </div>
      <div className="flex items-center gap-3 text-ink-3 text-xs max-sm:order-last max-sm:w-full">
        <code className="font-mono">{sdkKey.prefix}…</code>
        <span className="w-40">
          created <RelativeTime at={sdkKey.createdAt} />
        </span>
      </div>
      <div className="flex w-20 justify-end">
        {revoked ? (
          <Badge look="danger">revoked</Badge>
        ) : (
          <Button look="quiet" aria-label={`Revoke ${sdkKey.name}`} onClick={() => setAsking(true)} busy={isPending}>
            Revoke
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          mutate();
        }}
        look="danger"
        title={`Revoke ${sdkKey.name} in ${environment.name}?`}
        confirmLabel="Revoke key"
      >
        <p>
          Whoever is connected with it is disconnected at once and cannot come back with it. Running services keep
          answering from the last ruleset that they got, but learn of no more changes.
        </p>
        <p>This cannot be undone.</p>
      </ConfirmDialog>
    </li>
  );
}
