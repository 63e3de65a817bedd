import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { projectsQuery } from '../../api/projects.ts';
import { setupQuery } from '../../api/session.ts';
import { baseUrl } from '../../base.ts';
import { connectPath, homePath, patterns, signInPath } from '../../paths.ts';
import { Door } from '../layout/door.tsx';
import { OwnerForm } from './owner-form.tsx';

/** Where the one-time link leads that the server prints at its first start. */
export function SetupPage() {
  const route = getRouteApi(patterns.setup);
  const { token } = route.useSearch();
  const { required } = route.useLoaderData();
  const router = useRouter();
  const client = useQueryClient();
  if (!required) {
    return (
      <Door title={t`Already set up`} text={t`This server has its owner; the one-time link has done its work.`}>
        <Link {...signInPath()} className="font-medium text-link hover:underline">
          <Trans>Go to sign in</Trans>
        </Link>
      </Door>
    );
  }
  if (token === undefined) {
    return (
      <Door title={t`Welcome to Bunting`} text={t`Nobody owns this server yet.`}>
        <p className="text-ink-2">
          <Trans>Open the one-time link that it printed on its terminal when it started. It looks like this:</Trans>
        </p>
        <pre className="mt-3 overflow-x-auto rounded-sm border border-line bg-sunken px-3 py-2 font-mono text-ink-2 text-xs">
          {`bunting: create the owner account at\n${baseUrl}/setup?token=…`}
        </pre>
        <p className="mt-3 text-ink-3 text-xs">
          <Trans>Lost it? Restart the server: it prints the link until the owner exists.</Trans>
        </p>
      </Door>
    );
  }
  return (
    <Door title={t`Create the owner account`} text={t`The owner manages projects, flags and keys on this server.`}>
      <OwnerForm
        token={token}
        onCreated={async () => {
          client.setQueryData(setupQuery.queryKey, false);
          const [first] = await client.fetchQuery(projectsQuery);
          // Where there are flags already, as in the demo, there is more to look at than to begin with.
          const isEmpty = first?.flagCount === 0;
          await router.navigate({ ...(isEmpty ? connectPath(first.key) : homePath()), replace: true });
        }}
      />
    </Door>
  );
}
