import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { usersQuery } from '../../api/people.ts';
import { subjectPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SearchBox } from '../../ui/search-box.tsx';

interface UserListProps {
  project: string;
  search: string | undefined;
  onSearch: (text: string) => void;
}

export const rowLink = 'flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-hover';

/** Everyone who has an account, by email. */
export function UserList({ project, search, onSearch }: UserListProps) {
  const users = useInfiniteQuery({
    ...usersQuery(search),
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  return (
    <>
      <search className="flex">
        <SearchBox label={t`Search people`} value={search ?? ''} onChange={onSearch} />
      </search>
      <div className="rounded-md border border-line bg-surface">
        <Loaded from={users} what={t`the people`}>
          {(items) =>
            items.length === 0 ? (
              <p className="px-4 py-3.5 text-ink-3 text-xs">
                <Trans>Nobody is called “{search}”.</Trans>
              </p>
            ) : (
              <ul aria-label={t`People`}>
                {items.map(({ id, name, email, state, createdAt }) => (
                  <li key={id} className="border-line border-b last:border-b-0">
                    <Link {...subjectPath(project, 'user', id)} className={rowLink}>
                      <span className="flex min-w-0 flex-1 basis-60 flex-col">
                        <span className="truncate font-medium">{name}</span>
                        <span className="truncate text-ink-3 text-xs">{email}</span>
                      </span>
                      {state !== 'active' && (
                        <Badge look={state === 'disabled' ? 'danger' : 'muted'}>{wordOf(state)}</Badge>
                      )}
                      <span className="text-ink-3 text-xs">
                        <Trans>
                          added <RelativeTime at={createdAt} />
                        </Trans>
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
        <More from={users} label={t`Show more people`} />
      </div>
    </>
  );
}
