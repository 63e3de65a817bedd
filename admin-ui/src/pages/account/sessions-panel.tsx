import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endOtherSessions, endSession, ownSessionsQuery } from '../../api/account.ts';
import type { OpenSession } from '../../api/types.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

/** Where one is signed in, and the way out from afar. */
export function SessionsPanel() {
  const sessions = useQuery(ownSessionsQuery);
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: (session: OpenSession | undefined) => (session ? endSession(session.id) : endOtherSessions()),
    onSuccess: (_, session) =>
      toastDone({ title: session ? t`The session is ended` : t`You are signed out elsewhere` }),
    onError: (error) => toastFailed({ title: t`Nothing was ended`, error }),
    onSettled: () => client.invalidateQueries(ownSessionsQuery),
  });
  return (
    <Panel
      title={t`Sessions`}
      note={t`Where you are signed in.`}
      actions={
        (sessions.data?.length ?? 0) > 1 && (
          <Button busy={end.isPending} onClick={() => end.mutate(undefined)}>
            <Trans>Sign out everywhere else</Trans>
          </Button>
        )
      }
    >
      <Loaded from={sessions} what={t`your sessions`}>
        {(items) => (
          <ul aria-label={t`Sessions`}>
            {items.map((session) => (
              <SessionRow key={session.id} session={session} onEnd={() => end.mutate(session)} isBusy={end.isPending} />
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

interface SessionRowProps {
  session: OpenSession;
  onEnd: () => void;
  isBusy: boolean;
}

function SessionRow({
  session: { isCurrent, address, userAgent, createdAt, lastUsedAt },
  onEnd,
  isBusy,
}: SessionRowProps) {
  const from = address ?? t`an unknown address`;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-mono text-xs">{from}</p>
        <p className="truncate text-ink-3 text-xs" title={userAgent ?? undefined}>
          {userAgent}
        </p>
      </div>
      <span className="text-ink-3 text-xs">
        <Trans>
          begun <RelativeTime at={createdAt} />, used <RelativeTime at={lastUsedAt} />
        </Trans>
      </span>
      {isCurrent ? (
        <Badge>
          <Trans>this one</Trans>
        </Badge>
      ) : (
        <Button look="quiet" aria-label={t`End the session from ${from}`} busy={isBusy} onClick={onEnd}>
          <Trans>End</Trans>
        </Button>
      )}
    </li>
  );
}
