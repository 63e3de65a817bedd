import type { Receipts } from '../api/types.ts';
import { formatCount, formatDuration, formatNumber } from '../ui/format.ts';

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
    unknown > 0 ? `; ${formatNumber(unknown)} more ${unknown === 1 ? 'was' : 'were'} lost a short while ago` : '';
  const silent =
    incomplete.length > 0
      ? `; ${formatCount(incomplete.length, 'server')} ${incomplete.length === 1 ? 'does' : 'do'} not answer, ${incomplete.length === 1 ? 'its' : 'their'} instances are not known`
      : '';
  if (instances === 0) return `No instance is connected${lost}${silent}`;
  const reach = `In effect on ${formatNumber(confirmed)} of ${formatCount(instances, 'instance')}`;
  const time = confirmed >= instances && lastMs !== null ? ` after ${formatDuration(lastMs)}` : '';
  const long = behind > 0 ? ` (${formatNumber(behind)} for long)` : '';
  const waiting = confirmed < instances ? `, waiting for ${formatNumber(instances - confirmed)}${long}` : '';
  const trouble =
    broken > 0
      ? `; ${formatNumber(broken)} cannot understand a flag and ${broken === 1 ? 'serves' : 'serve'} the caller's default for it`
      : '';
  return `${reach}${time}${waiting}${trouble}${lost}${silent}`;
}
