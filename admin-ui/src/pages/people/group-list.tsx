import { plural, t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { groupsQuery } from '../../api/people.ts';
import { subjectPath } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { rowLink } from './user-list.tsx';

export function GroupList({ project }: { project: string }) {
  const groups = useQuery(groupsQuery);
  return (
    <div className="rounded-md border border-line bg-surface">
      <Loaded from={groups} what={t`the groups`}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              title={t`No group yet`}
              text={t`Whoever is in a group has the roles that it is granted. Single sign-on and SCIM can fill groups by themselves.`}
            />
          ) : (
            <ul aria-label={t`Groups`}>
              {items.map(({ id, name, memberCount }) => (
                <li key={id} className="border-line border-b last:border-b-0">
                  <Link {...subjectPath(project, 'group', id)} className={rowLink}>
                    <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                    <span className="text-ink-3 text-xs tabular-nums">
                      {plural(memberCount, { one: '# member', other: '# members' })}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}
