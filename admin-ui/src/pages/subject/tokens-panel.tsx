import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { revokeToken, type TokenHolder, tokensQuery } from '../../api/people.ts';
import type { Token } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { formatCount } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { useNow } from '../../ui/use-now.ts';
import { TokenDialog } from './token-dialog.tsx';

const none = {
  user: 'They made no token.',
  'service-account': 'Without a token it cannot call anything.',
  own: 'A token lets a script call the API as you. For what others rely on, make a service account instead.',
} as const;

/** The tokens by which someone calls the API. A person makes their own; a program's are made here. */
export function TokensPanel({ holder, mayWrite }: { holder: TokenHolder; mayWrite: boolean }) {
  const tokens = useQuery(tokensQuery(holder));
  const client = useQueryClient();
  const [isCreating, setCreating] = useState(false);
  const [ending, setEnding] = useState<Token>();
  const end = useMutation({
    mutationFn: (token: Token) => revokeToken(holder, token.id),
    onSuccess: (_, { name }) => toastDone({ title: `The token ${name} is revoked` }),
    onError: (error) => toastFailed({ title: 'The token still works', text: asApiError(error).message }),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery(holder).queryKey }),
  });
  return (
    <Panel
      title="Tokens"
      note="Only their hashes are stored; a secret is shown once."
      actions={
        mayWrite &&
        holder.kind !== 'user' && (
          <Button onClick={() => setCreating(true)}>
            <Plus aria-hidden />
            New token
          </Button>
        )
      }
    >
      <Loaded from={tokens} what="the tokens">
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">{none[holder.kind]}</p>
          ) : (
            <ul aria-label="Tokens">
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
        title={`Revoke ${ending?.name ?? ''}?`}
        confirmLabel="Revoke token"
      >
        <p>What calls by it is refused at once. This cannot be undone.</p>
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
      {permissions !== null && <Badge look="muted">{`only ${formatCount(permissions.length, 'permission')}`}</Badge>}
      <span className="text-ink-3 text-xs">
        {lastUsedAt === null ? (
          'never used'
        ) : (
          <>
            used <RelativeTime at={lastUsedAt} />
          </>
        )}
        {expiresAt !== null && `, until ${expiresAt.slice(0, 10)}`}
      </span>
      {revokedAt !== null || isExpired ? (
        <Badge look="danger">{revokedAt === null ? 'expired' : 'revoked'}</Badge>
      ) : (
        onRevoke && (
          <Button look="quiet" aria-label={`Revoke ${name}`} onClick={onRevoke}>
            Revoke
          </Button>
        )
      )}
    </li>
  );
}
