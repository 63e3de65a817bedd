import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { flagQuery } from '../../api/flags.ts';
import { projectQuery } from '../../api/projects.ts';
import type { CreatedKey } from '../../api/types.ts';
import { keyKindOf, type Way } from '../../flags/connect-code.ts';
import { connectPath, flagsPath, patterns } from '../../paths.ts';
import type { ConnectSearch } from '../../searches.ts';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { CodeStep } from './code-step.tsx';
import { FlagStep } from './flag-step.tsx';
import { Step } from './step.tsx';
import { TurnOn } from './turn-on.tsx';
import { useFirstUse } from './use-first-use.ts';

/**
 * From a flag to the reader's own code that asks for it, one step after the other. What was chosen is in the address; the
 * secrets of keys that were made here are in this page alone.
 */
export function ConnectPage() {
  const route = getRouteApi(patterns.connect);
  const params = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: project } = useSuspenseQuery(projectQuery(params.project));
  const { data: flag } = useQuery({
    ...flagQuery(project.key, search.flag ?? ''),
    enabled: search.flag !== undefined,
  });
  const [keys, setKeys] = useState<ReadonlyMap<string, CreatedKey>>(new Map());
  const environment =
    project.environments.find(({ key }) => key === search.environment) ??
    project.environments.find(({ production }) => !production) ??
    project.environments[0];
  const way: Way = search.way ?? 'node';
  const place = `${environment?.key} ${keyKindOf(way)}`;
  const key = keys.get(place);
  const isUsed = useFirstUse(project.key, environment?.key ?? '', key?.id);
  const change = (part: ConnectSearch) =>
    void navigate({ ...connectPath(project.key, { ...search, ...part }), replace: true });
  return (
    <Page title={t`Connect your code`}>
      <PageHeader
        title={t`Connect your code`}
        actions={
          <Link {...flagsPath(project.key)} className="font-medium text-link hover:underline">
            {isUsed ? t`Go to the flags` : t`Skip for now`}
          </Link>
        }
      >
        <p className="max-w-180 text-ink-2">
          <Trans>
            A flag, a key, and a few lines of your own: then whatever is changed here is in effect there. Links to this
            page are on each flag and in the palette.
          </Trans>
        </p>
      </PageHeader>
      <ol aria-label={t`Steps`} className="flex max-w-200 flex-col gap-3">
        <Step number={1} title={t`A flag to ask for`} isDone={flag !== undefined}>
          <FlagStep project={project} flag={flag} onChoose={(chosen) => change({ flag: chosen })} />
        </Step>
        {flag && environment && (
          <Step number={2} title={t`Your code, with a key of its own`} isDone={isUsed}>
            <CodeStep
              project={project}
              environment={environment}
              flag={flag}
              way={way}
              created={key}
              isUsed={isUsed}
              onChange={change}
              onCreated={(created) => setKeys((known) => new Map(known).set(place, created))}
            />
          </Step>
        )}
        {flag && environment && isUsed && (
          <Step number={3} title={t`See it change`} isDone={flag.environments[environment.key]?.enabled === true}>
            <TurnOn project={project} environment={environment} flag={flag} way={way} />
          </Step>
        )}
      </ol>
    </Page>
  );
}
