import { Trans } from '@lingui/react/macro';
import { receiptSentence } from './receipt-sentence.ts';
import { useReceipts } from './use-receipts.ts';

interface ChangeReceiptProps {
  project: string;
  environment: string;
  /** The revision that the change made. */
  revision: { readonly incarnation: string; readonly number: number };
}

/** How far one change has come; it keeps itself current for as long as it is shown. */
export function ChangeReceipt({ project, environment, revision }: ChangeReceiptProps) {
  const { receipts, lost } = useReceipts(project, environment);
  if (lost) return <Trans>Committed; the server does not answer at the moment.</Trans>;
  if (!receipts || receipts.revision.number < revision.number) return <Trans>Committed; waiting for receipts …</Trans>;
  if (receipts.revision.number > revision.number) return <Trans>A newer change has replaced it.</Trans>;
  return <>{receiptSentence(receipts)}</>;
}
