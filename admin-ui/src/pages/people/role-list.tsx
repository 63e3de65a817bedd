import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '../../api/people.ts';
import { Badge } from '../../ui/badge.tsx';
import { formatCount } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';

/** What each role gives. */
export function RoleList() {
  const roles = useQuery(rolesQuery);
  return (
    <div className="rounded-md border border-line bg-surface">
      <Loaded from={roles} what="the roles">
        {(items) => (
          <ul aria-label="Roles">
            {items.map(({ key, name, description, permissions, notInProduction, builtIn }) => (
              <li key={key} className="flex flex-col gap-1 border-line border-b px-4 py-2.5 last:border-b-0">
                <p className="flex flex-wrap items-center gap-2">
                  <span className="font-medium">{name}</span>
                  <code className="text-ink-3 text-xs">{key}</code>
                  {builtIn && <Badge look="muted">built in</Badge>}
                </p>
                {description !== '' && <p className="break-words text-ink-2 text-xs">{description}</p>}
                <details className="text-xs">
                  <summary className="w-fit cursor-pointer rounded-xs text-ink-3 hover:text-ink">
                    {formatCount(permissions.length, 'permission')}
                  </summary>
                  <ul className="mt-1 flex flex-wrap gap-1.5">
                    {permissions.map((permission) => (
                      <li key={permission}>
                        <Badge>
                          {notInProduction.includes(permission) ? `${permission}, not in production` : permission}
                        </Badge>
                      </li>
                    ))}
                  </ul>
                </details>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </div>
  );
}
