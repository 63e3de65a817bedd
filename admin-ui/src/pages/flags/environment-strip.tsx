import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Environment } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { ReceiptStatus } from '../../receipts/receipt-status.tsx';
import { useReceipts } from '../../receipts/use-receipts.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatNumber } from '../../ui/format.ts';

/** How each environment is at present: its revision, and on how many instances it is in effect. */
export function EnvironmentStrip({ project, environments }: { project: string; environments: readonly Environment[] }) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,15rem),1fr))] gap-2.5">
      {environments.map((environment) => (
        <li
          key={environment.key}
          className={classNames(
            'flex min-w-0 flex-col gap-1 overflow-hidden rounded-md border px-3.5 py-2.5',
            environment.production ? 'border-production-line bg-production-soft' : 'border-line bg-surface',
          )}
        >
          <div className="flex items-center gap-2 font-medium">
            <EnvironmentName environment={environment} />
            <Revision project={project} environment={environment.key} />
          </div>
          <ReceiptStatus project={project} environment={environment.key} />
        </li>
      ))}
    </ul>
  );
}

function Revision({ project, environment }: { project: string; environment: string }) {
  const revision = useReceipts(project, environment).receipts?.revision;
  if (!revision) return null;
  return (
    <span className="ms-auto shrink-0 font-mono text-2xs text-ink-3" title={t`Content hash ${revision.hash}`}>
      <Trans>revision {formatNumber(revision.number)}</Trans>
    </span>
  );
}
