import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { keysQuery, revokeKey } from '../../api/keys.ts';
import { useMay } from '../../api/permissions.ts';
import type { Environment, SdkKey } from '../../api/types.ts';
import { manners } from '../../locales/locale.ts';
import { instancesPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { wordOf } from '../../ui/code-words.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { useNow } from '../../ui/use-now.ts';
import { EditKeyDialog } from './edit-key-dialog.tsx';
import type { KeyUsage } from './key-usage.ts';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

interface KeyRowProps {
  project: string;
  environment: Environment;
  sdkKey: SdkKey;
  /** Undefined: not known yet. */
  usage: KeyUsage | undefined;
}

export function KeyRow({ project, environment, sdkKey, usage }: KeyRowProps) {
  const client = useQueryClient();
  const may = useMay(project, environment.key);
  const [asking, setAsking] = useState<'edit' | 'revoke' | 'rotate'>();
  const { mutate, isPending } = useMutation({
    mutationFn: () => revokeKey(project, environment.key, sdkKey.id),
    onSuccess: () =>
      toastDone({ title: t`The key ${sdkKey.name} is revoked`, text: t`Whoever used it is disconnected.` }),
    onError: (error) => toastFailed({ title: t`The key ${sdkKey.name} still works`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery(project, environment.key).queryKey }),
  });
  const revoked = sdkKey.revokedAt !== null;
  const nowMs = useNow();
  const hasEnded = sdkKey.expiresAt !== null && Date.parse(sdkKey.expiresAt) <= nowMs;
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-40 sm:basis-60">
        <div className="flex items-center gap-2">
          <span
            className={classNames('truncate font-medium', revoked && 'text-ink-3 line-through')}
            title={sdkKey.name}
          >
            {sdkKey.name}
          </span>
          <Badge look={sdkKey.kind === 'server' ? 'plain' : 'muted'}>{wordOf(sdkKey.kind)}</Badge>
        </div>
        <p className="text-ink-3 text-xs">
          <Trans>
            <code className="font-mono">{sdkKey.prefix}…</code> created <RelativeTime at={sdkKey.createdAt} />
          </Trans>
          {sdkKey.expiresAt !== null && (
            <> · {t`valid until ${new Date(sdkKey.expiresAt).toLocaleString(manners())}`}</>
          )}
        </p>
        {sdkKey.origins && (
          <p className="break-words text-ink-3 text-xs">
            <Trans>
              for pages of <span className="font-mono">{sdkKey.origins.join(', ')}</span>
            </Trans>
          </p>
        )}
      </div>
      <div className="min-w-0 text-ink-3 text-xs max-sm:w-full sm:w-64">
        {usage && usage.instances > 0 && (
          <p className="truncate" title={usage.runs.join(', ')}>
            <Trans>
              <Link
                {...instancesPath(project, { environment: environment.key, key: sdkKey.id })}
                className="text-link hover:underline"
              >
                {plural(usage.instances, { one: '# instance', other: '# instances' })}
              </Link>{' '}
              now: {usage.runs.join(', ')}
            </Trans>
          </p>
        )}
        <p>
          {sdkKey.lastUsedAt === null ? (
            t`never used`
          ) : (
            <Trans>
              last used <RelativeTime at={sdkKey.lastUsedAt} />
            </Trans>
          )}
        </p>
      </div>
      <div className="flex sm:w-48 sm:justify-end max-sm:-ms-3 max-sm:w-full">
        {revoked && (
          <Badge look="danger">
            <Trans>revoked</Trans>
          </Badge>
        )}
        {!revoked && hasEnded && (
          <Badge look="muted">
            <Trans>expired</Trans>
          </Badge>
        )}
        {!revoked && !hasEnded && may('key:write') && (
          <>
            <Button look="quiet" aria-label={t`Edit ${sdkKey.name}`} onClick={() => setAsking('edit')}>
              <Trans>Edit</Trans>
            </Button>
            <Button look="quiet" aria-label={t`Rotate ${sdkKey.name}`} onClick={() => setAsking('rotate')}>
              <Trans>Rotate</Trans>
            </Button>
            <Button
              look="quiet"
              aria-label={t`Revoke ${sdkKey.name}`}
              onClick={() => setAsking('revoke')}
              busy={isPending}
            >
              <Trans>Revoke</Trans>
            </Button>
          </>
        )}
      </div>
      {asking === 'edit' && (
        <EditKeyDialog
          project={project}
          environment={environment}
          sdkKey={sdkKey}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'rotate' && (
        <RotateDialog
          project={project}
          environment={environment}
          sdkKey={sdkKey}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'revoke' && (
        <RevokeDialog
          environment={environment}
          sdkKey={sdkKey}
          usage={usage}
          onClose={() => setAsking(undefined)}
          onConfirm={() => {
            setAsking(undefined);
            mutate();
          }}
        />
      )}
    </li>
  );
}
