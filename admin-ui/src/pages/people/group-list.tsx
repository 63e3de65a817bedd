import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { groupsQuery } from '../../api/people.ts';
import { subjectPath } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatCount } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { rowLink } from './user-list.tsx';

export function GroupList({ project }: { project: string }) {
  const groups = useQuery(groupsQuery);
  return (
    <div className="rounded-md border border-line bg-surface">
      <Loaded from={groups} what="the groups">
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              title="No group yet"
              text="Whoever is in a group has the roles that it is granted. Single sign-on and SCIM can fill groups by themselves."
            />
          ) : (
            <ul aria-label="Groups">
              {items.map(({ id, name, memberCount }) => (
                <li key={id} className="border-line border-b last:border-b-0">
                  <Link {...subjectPath(project, 'group', id)} className={rowLink}>
                    <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                    <span className="text-ink-3 text-xs tabular-nums">{formatCount(memberCount, 'member')}</span>
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
