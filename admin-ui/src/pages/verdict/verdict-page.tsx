import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { projectQuery } from '../../api/projects.ts';
import { explanationQuery, verdictQuery } from '../../api/safeguards.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { resultWords } from '../../interventions/result-words.ts';
import { flagPath, patterns, safeguardPath, safeguardsPath } from '../../paths.ts';
import { ModeBadge } from '../../safeguards/standing-badge.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { formatSentence } from '../../ui/format.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { ReplayPanel } from './replay-panel.tsx';

/** What a safeguard found: why, what came of it, and what other parameters would have found. */
export function VerdictPage() {
  const { project: key, environment: environmentKey, verdict: id } = getRouteApi(patterns.verdict).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const place = { project: key, environment: environmentKey };
  const found = useQuery(verdictQuery(place, id));
  const why = useQuery(explanationQuery(place, id));
  const environment = project.environments.find((one) => one.key === environmentKey);
  return (
    <Page title={found.data?.summary ?? t`Verdict`}>
      <Breadcrumb here={t`Verdict`}>
        <Link {...safeguardsPath(key, { environment: environmentKey })}>
          <Trans>Safeguards</Trans>
        </Link>
      </Breadcrumb>
      <Loaded from={found} what={t`the verdict`}>
        {(verdict) => (
          <>
            <PageHeader title={formatSentence(verdict.summary)}>
              <div className="flex flex-wrap items-center gap-2">
                {environment && <EnvironmentName environment={environment} />}
                <ModeBadge mode={verdict.mode} />
                {verdict.outcomes.map(({ action, result }) => (
                  <Badge key={action} look={result === 'failed' ? 'danger' : 'plain'}>
                    {`${wordOf(action)}: ${resultWords(result)}`}
                  </Badge>
                ))}
                <span className="text-ink-3 text-xs">
                  <Trans>
                    <RelativeTime at={verdict.at} /> by{' '}
                    <Link {...safeguardPath(key, environmentKey, verdict.safeguard.id)} className="text-link underline">
                      {verdict.safeguard.name}
                    </Link>
                    , of{' '}
                    <Link {...flagPath(key, verdict.flag)} className="font-mono text-link underline">
                      {verdict.flag}
                    </Link>
                  </Trans>
                </span>
              </div>
            </PageHeader>
            <Panel title={t`Why`}>
              <Loaded from={why} what={t`the explanation`}>
                {(sentences) => (
                  <div className="flex max-w-180 flex-col gap-1.5 px-4 py-3.5">
                    {sentences
                      .filter((sentence) => sentence !== `${verdict.summary}.`)
                      .map((sentence) => (
                        <p key={sentence} className="break-words">
                          {formatSentence(sentence)}
                        </p>
                      ))}
                    <p className="break-all font-mono text-2xs text-ink-3">
                      <Trans>SHA-256 {verdict.hash}, also in the audit log</Trans>
                    </p>
                  </div>
                )}
              </Loaded>
            </Panel>
            <ReplayPanel place={place} verdict={verdict} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
