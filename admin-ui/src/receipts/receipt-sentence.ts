import { plural, t } from '@lingui/core/macro';
import type { Receipts } from '../api/types.ts';
import { formatDuration, formatNumber } from '../ui/format.ts';

/** How far a revision has come: nobody is connected, some have it, all have it, or some could not understand it. */
export type ReceiptState = 'nobody' | 'spreading' | 'everywhere' | 'broken';

export function receiptState({ instances, confirmed, broken }: Receipts): ReceiptState {
  if (instances === 0) return 'nobody';
  if (broken > 0) return 'broken';
  return confirmed < instances ? 'spreading' : 'everywhere';
}

/** "In effect on 3 of 3 instances after 12 ms", or what is true instead. */
export function receiptSentence(receipts: Receipts): string {
  const { instances, confirmed, behind, broken, unknown, incomplete, lastMs } = receipts;
  const lost =
    unknown > 0
      ? `; ${plural(unknown, { one: '# more was lost a short while ago', other: '# more were lost a short while ago' })}`
      : '';
  const silent =
    incomplete.length > 0
      ? `; ${plural(incomplete.length, { one: '# server does not answer, its instances are not known', other: '# servers do not answer, their instances are not known' })}`
      : '';
  if (instances === 0) return t`No instance is connected${lost}${silent}`;
  const reach = t`In effect on ${formatNumber(confirmed)} of ${plural(instances, { one: '# instance', other: '# instances' })}`;
  const time = confirmed >= instances && lastMs !== null ? t` after ${formatDuration(lastMs)}` : '';
  const long = behind > 0 ? t` (${formatNumber(behind)} for long)` : '';
  const waiting = confirmed < instances ? t`, waiting for ${formatNumber(instances - confirmed)}${long}` : '';
  const trouble =
    broken > 0
      ? `; ${plural(broken, { one: "# cannot understand a flag and serves the caller's default for it", other: "# cannot understand a flag and serve the caller's default for it" })}`
      : '';
  return `${reach}${time}${waiting}${trouble}${lost}${silent}`;
}
