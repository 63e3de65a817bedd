import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMay } from '../../api/permissions.ts';
import { sessionQuery } from '../../api/session.ts';
import { auditPath, patterns } from '../../paths.ts';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { TokensPanel } from '../subject/tokens-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { SecondFactorPanel } from './second-factor-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** Whoever is signed in: how they sign in, where they are, and by which tokens their scripts call. */
export function AccountPage() {
  const { project } = getRouteApi(patterns.account).useParams();
  const { data: user } = useQuery(sessionQuery);
  const may = useMay(project);
  return (
    <Page title={t`Your account`}>
      <PageHeader title={user?.name ?? t`Your account`}>
        <p className="flex flex-wrap items-center gap-x-3 text-ink-2">
          {user?.email}
          {user && may('audit:read') && (
            <Link
              {...auditPath(project, { actor: user.id, everywhere: true })}
              className="rounded-xs text-link text-xs leading-6 hover:underline"
            >
              <Trans>What you changed</Trans>
            </Link>
          )}
        </p>
      </PageHeader>
      <SessionsPanel />
      <SecondFactorPanel />
      <PasswordPanel />
      <TokensPanel holder={{ kind: 'own', id: '' }} mayWrite />
    </Page>
  );
}
