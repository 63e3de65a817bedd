import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { interventionsQuery } from '../../api/interventions.ts';
import type { Intervention, Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { resultWords } from '../../interventions/result-words.ts';
import { flagPath, safeguardPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { formatSentence } from '../../ui/format.ts';
import { Loaded, More } from '../../ui/loaded.tsx';
import { OutsideLink } from '../../ui/outside-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';

const refreshMs = 5_000;

/** What signals, safeguards and drills asked for, why, and what became of it; newest first. */
export function InterventionsPanel({ project }: { project: Project }) {
  const interventions = useInfiniteQuery({
    ...interventionsQuery(project.key),
    refetchInterval: refreshMs,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  return (
    <Panel title={t`Interventions`} note={t`What signals and safeguards asked for, and what became of it.`}>
      <Loaded from={interventions} what={t`the interventions`}>
        {(items) =>
          items.length === 0 ? (
            <p className="px-4 py-3.5 text-ink-3 text-xs">
              <Trans>No signal and no safeguard has asked for anything yet.</Trans>
            </p>
          ) : (
            <ul aria-label={t`Interventions`}>
              {items.map((intervention) => (
                <InterventionRow key={intervention.id} project={project} intervention={intervention} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <More from={interventions} label={t`Show older interventions`} />
    </Panel>
  );
}

function InterventionRow({ project, intervention }: { project: Project; intervention: Intervention }) {
  const { at, by, flag, action, result, reason, cause } = intervention;
  const environment = project.environments.find(({ key }) => key === intervention.environment);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex min-w-0 flex-wrap items-center gap-2">
          <span className="font-medium">{wordOf(action)}</span>
          <Link {...flagPath(project.key, flag)} className="truncate font-mono hover:underline">
            {flag}
          </Link>
          {environment && <EnvironmentName environment={environment} />}
        </p>
        <p className="break-words text-ink-2 text-xs">
          <Trans>
            <RelativeTime at={at} /> by {wordOf(cause.kind)}{' '}
            {cause.kind === 'safeguard' ? (
              <Link {...safeguardPath(project.key, intervention.environment, cause.id)} className="underline">
                {cause.name}
              </Link>
            ) : (
              `${by.name} (${cause.name})`
            )}
            : {formatSentence(cause.summary)} <OutsideLink href={cause.link}>source</OutsideLink>
          </Trans>
        </p>
        {reason !== '' && reason !== cause.summary && (
          <p className="break-words text-ink-3 text-xs">{formatSentence(reason)}</p>
        )}
      </div>
      <Badge look={result === 'failed' || result === 'not_allowed' ? 'danger' : result === 'acted' ? 'plain' : 'muted'}>
        {resultWords(result)}
      </Badge>
    </li>
  );
}
