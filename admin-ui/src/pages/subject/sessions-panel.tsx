import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { sessionsOfQuery } from '../../api/people.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

/** Where a person is signed in: what signing them out everywhere would end. */
export function SessionsPanel({ user }: { user: string }) {
  const sessions = useQuery(sessionsOfQuery(user));
  return (
    <Panel title={t`Sessions`} note={t`Where they are signed in.`}>
      <Loaded from={sessions} what={t`the sessions`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3.5 text-ink-3 text-xs">
              <Trans>They are signed in nowhere.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Sessions`}>
              {items.map(({ id, address, userAgent, createdAt, lastUsedAt }) => (
                <li
                  key={id}
                  className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1.5 last:border-b-0"
                >
                  <div className="min-w-0 flex-1 basis-64">
                    <p className="font-mono text-xs">{address ?? t`an unknown address`}</p>
                    <p className="truncate text-ink-3 text-xs" title={userAgent ?? undefined}>
                      {userAgent}
                    </p>
                  </div>
                  <span className="text-ink-3 text-xs">
                    <Trans>
                      begun <RelativeTime at={createdAt} />, used <RelativeTime at={lastUsedAt} />
                    </Trans>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
