import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Environment } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { keysPath } from '../../paths.ts';
import { receiptState } from '../../receipts/receipt-sentence.ts';
import { ReceiptDot } from '../../receipts/receipt-status.tsx';
import { useReceipts } from '../../receipts/use-receipts.ts';
import { formatNumber } from '../../ui/format.ts';
import { NavLink } from './nav-link.tsx';

/** Leads to an environment's keys; shows how many instances have its newest revision. */
export function EnvironmentLink({ project, environment }: { project: string; environment: Environment }) {
  const { receipts } = useReceipts(project, environment.key);
  return (
    <NavLink {...keysPath(project, environment.key)}>
      <span className="grid w-3.75 shrink-0 place-items-center">
        <ReceiptDot state={receipts ? receiptState(receipts) : 'nobody'} />
      </span>
      <EnvironmentName environment={environment} />
      <span className="sr-only">
        <Trans>keys</Trans>
      </span>
      {receipts && (
        <span className="ms-auto ps-2 text-2xs text-ink-3 tabular-nums" title={t`Instances in effect / connected`}>
          {formatNumber(receipts.confirmed)}/{formatNumber(receipts.instances)}
        </span>
      )}
    </NavLink>
  );
}
