import { msg, plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { revokeToken, type TokenHolder, tokensQuery } from '../../api/people.ts';
import type { Token } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { useNow } from '../../ui/use-now.ts';
import { TokenDialog } from './token-dialog.tsx';

const none = {
  user: msg`They made no token.`,
  'service-account': msg`Without a token it cannot call anything.`,
  own: msg`A token lets a script call the API as you. For what others rely on, make a service account instead.`,
} as const;

/** The tokens by which someone calls the API. A person makes their own; a program's are made here. */
export function TokensPanel({ holder, mayWrite }: { holder: TokenHolder; mayWrite: boolean }) {
  const tokens = useQuery(tokensQuery(holder));
  const client = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const [ending, setEnding] = useState<Token>();
  const end = useMutation({
    mutationFn: (token: Token) => revokeToken(holder, token.id),
    onSuccess: (_, { name }) => toastDone({ title: t`The token ${name} is revoked` }),
    onError: (error) => toastFailed({ title: t`The token still works`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery(holder).queryKey }),
  });
  return (
    <Panel
      title={t`Tokens`}
      note={t`Only their hashes are stored; a secret is shown once.`}
      actions={
        mayWrite &&
        holder.kind !== 'user' && (
          <Button onClick={() => setCreating(true)}>
            <Trans>
              <Plus aria-hidden />
              New token
            </Trans>
          </Button>
        )
      }
    >
      <Loaded from={tokens} what={t`the tokens`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">{t(none[holder.kind])}</p>
          ) : (
            <ul aria-label={t`Tokens`}>
              {items.map((token) => (
                <TokenRow key={token.id} token={token} onRevoke={mayWrite ? () => setEnding(token) : undefined} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isCreating && <TokenDialog holder={holder} onClose={() => setCreating(false)} />}
      <ConfirmDialog
        open={ending !== undefined}
        onClose={() => setEnding(undefined)}
        onConfirm={() => {
          setEnding(undefined);
          if (ending) end.mutate(ending);
        }}
        look="danger"
        title={t`Revoke ${ending?.name ?? ''}?`}
        confirmLabel={t`Revoke token`}
      >
        <p>
          <Trans>What calls by it is refused at once. This cannot be undone.</Trans>
        </p>
      </ConfirmDialog>
    </Panel>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: (() => void) | undefined }) {
  const { name, prefix, permissions, expiresAt, revokedAt, lastUsedAt } = token;
  const nowMs = useNow();
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= nowMs;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5 last:border-b-0">
      <span className="min-w-0 flex-1 basis-48 truncate font-medium">{name}</span>
      <code className="text-ink-3 text-xs">{prefix}…</code>
      {permissions !== null && (
        <Badge look="muted">{t`only ${plural(permissions.length, { one: '# permission', other: '# permissions' })}`}</Badge>
      )}
      <span className="text-ink-3 text-xs">
        {lastUsedAt === null ? (
          t`never used`
        ) : (
          <Trans>
            used <RelativeTime at={lastUsedAt} />
          </Trans>
        )}
        {expiresAt !== null && <> · {t`until ${expiresAt.slice(0, 10)}`}</>}
      </span>
      {revokedAt !== null || isExpired ? (
        <Badge look="danger">{revokedAt === null ? t`expired` : t`revoked`}</Badge>
      ) : (
        onRevoke && (
          <Button look="quiet" aria-label={t`Revoke ${name}`} onClick={onRevoke}>
            <Trans>Revoke</Trans>
          </Button>
        )
      )}
    </li>
  );
}
