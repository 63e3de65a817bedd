import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type SignedInUser, sessionQuery } from '../../api/session.ts';
import { patterns, safeNext } from '../../paths.ts';
import { Notice } from '../../ui/notice.tsx';
import { Door } from '../layout/door.tsx';
import { forgetPerson } from '../layout/forget-person.ts';
import { PasswordForm } from '../layout/password-form.tsx';
import { describeProblem } from './describe-problem.ts';
import { ProviderLinks } from './provider-links.tsx';

export function SignInPage() {
  const route = getRouteApi(patterns.signIn);
  const { next, problem } = route.useSearch();
  const { providers, passwords } = route.useLoaderData();
  const router = useRouter();
  const client = useQueryClient();
  const onSignedIn = async (user: SignedInUser) => {
    // A session that ended may have been someone else's.
    forgetPerson(client);
    client.setQueryData(sessionQuery.queryKey, user);
    await router.navigate({ href: safeNext(next), replace: true });
  };
  return (
    <Door title={t`Sign in`}>
      {problem && (
        <div className="mb-4">
          <Notice title={describeProblem(problem)} />
        </div>
      )}
      <ProviderLinks providers={providers} next={safeNext(next)} />
      {passwords === 'owners' && (
        <p className="mb-4 text-ink-3 text-xs">
          <Trans>Passwords are for owners only.</Trans>
        </p>
      )}
      <PasswordForm onSignedIn={onSignedIn} />
    </Door>
  );
}
