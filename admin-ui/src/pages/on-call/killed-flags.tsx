import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { killsQuery } from '../../api/kills.ts';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Kill, Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { useKill } from '../../kills/use-kill.tsx';
import { flagPath } from '../../paths.ts';
import { KillReceipt } from '../../receipts/kill-receipt.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';

const refreshMs = 5_000;

/** Every flag that is killed, in all environments, newest first; re-arms them. */
export function KilledFlags({ project }: { project: Project }) {
  const { environments } = project;
  const answers = useQueries({
    queries: environments.map(({ key }) => ({ ...killsQuery(project.key, key), refetchInterval: refreshMs })),
  });
  const failed = answers.find(({ isLoadingError }) => isLoadingError);
  const killed = environments
    .flatMap((environment, at) => (answers[at]?.data ?? []).map((kill) => ({ environment, kill })))
    .sort((a, b) => b.kill.at.localeCompare(a.kill.at));
  const isPending = answers.some((answer) => answer.isPending);
  return (
    <Panel title={t`Killed now`} note={t`Each serves its safe variant until someone re-arms it.`}>
      {failed && (
        <div className="p-3">
          <TryAgain
            title={t`Not all killed flags can be listed`}
            error={failed.error}
            onRetry={() => {
              for (const answer of answers) void answer.refetch();
            }}
          />
        </div>
      )}
      {isPending && !failed && (
        <div className="px-4 py-3.5">
          <LoadingNote what={t`killed flags`} />
          <Skeleton className="w-72 max-w-full" />
        </div>
      )}
      {killed.length > 0 && (
        <ul aria-label={t`Killed flags`}>
          {killed.map(({ environment, kill }) => (
            <KilledRow
              key={`${environment.key} ${kill.flag}`}
              project={project.key}
              environment={environment}
              kill={kill}
            />
          ))}
        </ul>
      )}
      {killed.length === 0 && !isPending && !failed && (
        <EmptyState title={t`Nothing is killed`} text={t`A kill is felt everywhere at once, and is lifted here.`} />
      )}
    </Panel>
  );
}

function KilledRow({ project, environment, kill }: { project: string; environment: Environment; kill: Kill }) {
  const may = useMay(project, environment.key);
  const [asking, setAsking] = useState(false);
  const { run, isPending } = useKill(project, { key: kill.flag }, environment);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex min-w-0 items-center gap-2">
          <Link {...flagPath(project, kill.flag)} className="truncate font-medium font-mono hover:underline">
            {kill.flag}
          </Link>
          <EnvironmentName environment={environment} />
        </p>
        <p className="break-words text-ink-2 text-xs">
          <Trans>
            <RelativeTime at={kill.at} /> by {kill.by.name}: {kill.reason}.
          </Trans>{' '}
          {!kill.stored && <Trans>It is not stored yet.</Trans>}{' '}
          <KillReceipt project={project} environment={environment.key} flag={kill.flag} />
        </p>
      </div>
      {may('kill:rearm') && (
        <Button
          aria-label={t`Re-arm ${kill.flag} in ${environment.name}`}
          busy={isPending}
          onClick={() => setAsking(true)}
        >
          <Trans>
            <RotateCcw aria-hidden />
            Re-arm
          </Trans>
        </Button>
      )}
      {asking && (
        <ReasonDialog
          look={environment.production ? 'production' : 'primary'}
          title={t`Re-arm ${kill.flag} in ${environment.name}?`}
          confirmLabel={t`Re-arm in ${environment.name}`}
          onClose={() => setAsking(false)}
          onConfirm={(reason) => {
            setAsking(false);
            run(false, reason);
          }}
        >
          <p>
            <Trans>It serves what its targeting says again, at once.</Trans>
          </p>
        </ReasonDialog>
      )}
    </li>
  );
}
