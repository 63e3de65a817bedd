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
  const { instances, broken, unknown, incomplete } = receipts;
  return [
    instances === 0 ? t`No instance is connected` : reachOf(receipts),
    ...(broken > 0 && instances > 0
      ? [
          plural(broken, {
            one: "# cannot understand a flag and serves the caller's default for it",
            other: "# cannot understand a flag and serve the caller's default for it",
          }),
        ]
      : []),
    ...lostOf(unknown),
    ...(incomplete.length > 0
      ? [
          plural(incomplete.length, {
            one: '# server does not answer, its instances are not known',
            other: '# servers do not answer, their instances are not known',
          }),
        ]
      : []),
  ].join('; ');
}

function reachOf({ instances, confirmed, behind, lastMs }: Receipts): string {
  const have = formatNumber(confirmed);
  const all = plural(instances, { one: '# instance', other: '# instances' });
  if (confirmed >= instances)
    return lastMs === null
      ? t`In effect on ${have} of ${all}`
      : t`In effect on ${have} of ${all} after ${formatDuration(lastMs)}`;
  const waiting = formatNumber(instances - confirmed);
  return behind > 0
    ? t`In effect on ${have} of ${all}, waiting for ${waiting} (${formatNumber(behind)} for long)`
    : t`In effect on ${have} of ${all}, waiting for ${waiting}`;
}

/** Of instances that were connected until a short while ago. */
export function lostOf(unknown: number): readonly string[] {
  if (unknown === 0) return [];
  return [plural(unknown, { one: '# more was lost a short while ago', other: '# more were lost a short while ago' })];
}
