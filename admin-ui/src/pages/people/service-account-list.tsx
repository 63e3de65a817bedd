import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { serviceAccountsQuery } from '../../api/people.ts';
import { subjectPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { rowLink } from './user-list.tsx';

/** Accounts of programs: they cannot sign in, and call the API by tokens. */
export function ServiceAccountList({ project }: { project: string }) {
  const accounts = useQuery(serviceAccountsQuery);
  return (
    <div className="rounded-md border border-line bg-surface">
      <Loaded from={accounts} what={t`the service accounts`}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState
              title={t`No service account yet`}
              text={t`A service account is for a program, such as a pipeline: it cannot sign in, calls the API by tokens, and may do what it is granted. Unlike a person's, its tokens stay when someone leaves.`}
            />
          ) : (
            <ul aria-label={t`Service accounts`}>
              {items.map(({ id, name, disabledAt }) => (
                <li key={id} className="border-line border-b last:border-b-0">
                  <Link {...subjectPath(project, 'service-account', id)} className={rowLink}>
                    <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                    {disabledAt !== null && (
                      <Badge look="danger">
                        <Trans>disabled</Trans>
                      </Badge>
                    )}
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
