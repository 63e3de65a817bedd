import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Receipts } from '../api/types.ts';
import { classNames } from '../ui/class-names.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { type ReceiptState, receiptSentence, receiptState } from './receipt-sentence.ts';
import { useReceipts } from './use-receipts.ts';

const dots: Record<ReceiptState, string> = {
  nobody: 'border border-edge-strong',
  spreading: 'bg-accent animate-breathe',
  everywhere: 'bg-live',
  broken: 'bg-danger',
};

/** The environment's newest revision and how far it has come, live. */
export function ReceiptStatus({ project, environment }: { project: string; environment: string }) {
  const { receipts, lost } = useReceipts(project, environment);
  return (
    <p
      role="status"
      aria-label={t`Receipts in ${environment}`}
      className="flex min-w-0 items-baseline gap-2 text-ink-2 text-xs tabular-nums"
    >
      {receipts && <Sentence receipts={receipts} />}
      {lost && <Lost />}
      {!receipts && !lost && <Skeleton className="my-1 w-44" />}
    </p>
  );
}

function Sentence({ receipts }: { receipts: Receipts }) {
  return (
    <>
      <ReceiptDot state={receiptState(receipts)} />
      <span>{receiptSentence(receipts)}</span>
    </>
  );
}

function Lost() {
  return (
    <>
      <ReceiptDot state="broken" />
      <span className="text-danger-ink">
        <Trans>The server does not answer; what is in effect is not known</Trans>
      </span>
    </>
  );
}

export function ReceiptDot({ state }: { state: ReceiptState }) {
  return <span aria-hidden className={classNames('inline-block size-2 shrink-0 rounded-full', dots[state])} />;
}
