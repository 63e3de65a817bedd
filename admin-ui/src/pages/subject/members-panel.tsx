import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { membersQuery, setMember, usersQuery } from '../../api/people.ts';
import { subjectPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { toastFailed } from '../../ui/toast.tsx';

interface MembersPanelProps {
  project: string;
  group: string;
  mayWrite: boolean;
}

const rowShape = 'flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-4 py-1.5 last:border-b-0';

/** Who is in a group; a search finds who else could be. */
export function MembersPanel({ project, group, mayWrite }: MembersPanelProps) {
  const members = useQuery(membersQuery(group));
  const client = useQueryClient();
  const [search, setSearch] = useState('');
  const found = useInfiniteQuery({
    ...usersQuery(search),
    enabled: search !== '',
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages[0]?.items.slice(0, 8) ?? [],
  });
  const set = useMutation({
    mutationFn: ({ user, isMember }: { user: string; isMember: boolean }) => setMember(group, user, isMember),
    onError: (error) => toastFailed({ title: t`The group is as it was`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  const isIn = (user: string) => members.data?.some(({ id }) => id === user) ?? false;
  return (
    <Panel title={t`Members`} note={t`They have the roles that the group is granted.`}>
      <Loaded from={members} what={t`the members`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3 text-ink-3 text-xs">
              <Trans>Nobody is in it yet.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Members`}>
              {items.map(({ id, name, email }) => (
                <li key={id} className={rowShape}>
                  <Link {...subjectPath(project, 'user', id)} className="min-w-0 truncate leading-6 hover:underline">
                    {name}
                  </Link>
                  <span className="min-w-0 flex-1 truncate text-ink-3 text-xs">{email}</span>
                  {mayWrite && (
                    <Button
                      look="quiet"
                      aria-label={t`Take out ${name}`}
                      busy={set.isPending}
                      onClick={() => set.mutate({ user: id, isMember: false })}
                    >
                      <Trans>Take out</Trans>
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {mayWrite && (
        <div className="flex flex-col gap-1 border-line border-t px-4 py-3">
          <SearchBox label={t`Find someone to put in`} value={search} onChange={setSearch} />
          {search !== '' && (
            <ul aria-label={t`Found people`}>
              {(found.data ?? [])
                .filter(({ id }) => !isIn(id))
                .map(({ id, name, email }) => (
                  <li key={id} className="flex items-center gap-2 py-1">
                    <span className="min-w-0 flex-1 truncate">
                      {name} <span className="text-ink-3 text-xs">{email}</span>
                    </span>
                    <Button
                      aria-label={t`Put in ${name}`}
                      busy={set.isPending}
                      onClick={() => set.mutate({ user: id, isMember: true })}
                    >
                      <Trans>Put in</Trans>
                    </Button>
                  </li>
                ))}
            </ul>
          )}
        </div>
      )}
    </Panel>
  );
}
