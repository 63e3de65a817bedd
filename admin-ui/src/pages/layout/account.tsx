import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { LogOut, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { sessionQuery, signOut } from '../../api/session.ts';
import { accountPath, secondFactorPath, signInPath } from '../../paths.ts';
import { IconButton } from '../../ui/button.tsx';
import { toastFailed } from '../../ui/toast.tsx';
import { forgetPerson } from './forget-person.ts';

const iconLink = 'rounded-sm p-1.5 text-ink-2 hover:bg-hover hover:text-ink';

/** Who is signed in, and the way out. */
export function Account({ project }: { project: string }) {
  const { data: user } = useQuery(sessionQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await signOut();
      client.setQueryData(sessionQuery.queryKey, null);
      await navigate(signInPath());
      forgetPerson(client);
    } catch (error) {
      toastFailed({ title: t`You are still signed in`, error });
      setBusy(false);
    }
  };
  if (!user) return null;
  return (
    <div className="flex items-center gap-2 border-line border-t ps-2 pt-2">
      <Link
        {...accountPath(project)}
        title={t`Your account`}
        className="-ms-2 min-w-0 flex-1 rounded-sm px-2 py-0.5 hover:bg-hover"
      >
        <span className="sr-only">
          <Trans>Your account:</Trans>
        </span>
        <span className="block truncate font-medium text-xs">{user.name}</span>
        <span className="block truncate text-2xs text-ink-3">{user.email}</span>
      </Link>
      <Link {...secondFactorPath()} aria-label={t`Second factor`} title={t`Second factor`} className={iconLink}>
        <ShieldCheck aria-hidden className="size-4" />
      </Link>
      <IconButton label={t`Sign out`} onClick={() => void leave()} disabled={busy}>
        <LogOut aria-hidden />
      </IconButton>
    </div>
  );
}
