import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { stragglersQuery } from '../api/instances.ts';
import type { Environment, Receipts } from '../api/types.ts';
import { instancesPath } from '../paths.ts';
import { formatDuration } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { Progress } from '../ui/progress.tsx';
import { ReceiptStatus } from './receipt-status.tsx';
import { useReceipts } from './use-receipts.ts';

/** So many are named; the page of instances has them all. */
const shownStragglers = 10;

/** How far the newest revision of an environment has come, how fast, and who lacks it still: live. */
export function EffectPanel({ project, environment }: { project: string; environment: Environment }) {
  const { receipts } = useReceipts(project, environment.key);
  const { number = 0 } = receipts?.revision ?? {};
  return (
    <Panel
      title={t`In effect`}
      note={receipts && t`Revision ${number} of ${environment.name}`}
      actions={
        <Link
          {...instancesPath(project, { environment: environment.key })}
          className="text-link text-xs hover:underline"
        >
          <Trans>All instances</Trans>
        </Link>
      }
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        <ReceiptStatus project={project} environment={environment.key} />
        {receipts && receipts.instances > 0 && (
          <>
            <div className="flex">
              <Progress
                label={t`Instances that run revision ${number}`}
                value={receipts.confirmed}
                max={receipts.instances}
              />
            </div>
            <Percentiles receipts={receipts} />
            {receipts.pending > 0 && (
              <Stragglers project={project} environment={environment} pending={receipts.pending} />
            )}
          </>
        )}
      </div>
    </Panel>
  );
}

function Percentiles({ receipts }: { receipts: Receipts }) {
  const { firstMs, p50Ms, p90Ms, p99Ms, lastMs } = receipts;
  const times = [
    [t`First`, firstMs],
    [t`Half`, p50Ms],
    ['90%', p90Ms],
    ['99%', p99Ms],
    [t`Last`, lastMs],
  ] as const;
  return (
    <dl aria-label={t`From commit to receipt`} className="flex flex-wrap gap-x-6 gap-y-1 text-xs">
      {times.map(([name, ms]) => (
        <div key={name} className="flex gap-1.5">
          <dt className="text-ink-2">{name}</dt>
          <dd className="font-medium tabular-nums">{ms === null ? '…' : formatDuration(ms)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface StragglersProps {
  project: string;
  environment: Environment;
  pending: number;
}

/** Who has lacked a revision longest, first. */
function Stragglers({ project, environment, pending }: StragglersProps) {
  const { data } = useQuery({
    ...stragglersQuery(project, environment.key),
    refetchInterval: 2_000,
  });
  if (!data) return null;
  return (
    <ul aria-label={t`Waiting for`} className="flex flex-col gap-1 text-xs">
      {data.items.slice(0, shownStragglers).map(({ id, app, host, behindMs }) => (
        <li key={id} className="flex flex-wrap gap-x-2 text-ink-2">
          <span className="min-w-0 break-all font-medium text-ink">{app ?? id}</span>
          {host && <span className="break-all">{host}</span>}
          {behindMs !== null && (
            <span className="tabular-nums">
              <Trans>behind for {formatDuration(behindMs)}</Trans>
            </span>
          )}
        </li>
      ))}
      {pending > shownStragglers && (
        <li className="text-ink-2">
          <Trans>and {pending - shownStragglers} more</Trans>
        </li>
      )}
    </ul>
  );
}
