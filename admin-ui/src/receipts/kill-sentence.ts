import { plural, t } from '@lingui/core/macro';
import type { KillReceipts } from '../api/types.ts';
import { formatDuration, formatNumber } from '../ui/format.ts';
import { lostOf } from './receipt-sentence.ts';

/** "Killed on 4,210 of 4,210 instances in 63 ms", or what is true instead. */
export function killSentence(receipts: KillReceipts): string {
  const { instances, unknown, incomplete } = receipts;
  return [
    instances === 0 ? t`No instance is connected` : reachOf(receipts),
    ...lostOf(unknown),
    ...(incomplete.length > 0
      ? [plural(incomplete.length, { one: '# server not heard from', other: '# servers not heard from' })]
      : []),
  ].join('; ');
}

function reachOf({ engaged, instances, confirmed, lastMs }: KillReceipts): string {
  const have = formatNumber(confirmed);
  const all = plural(instances, { one: '# instance', other: '# instances' });
  if (confirmed < instances || lastMs === null)
    return engaged ? t`Killed on ${have} of ${all}` : t`Re-armed on ${have} of ${all}`;
  const time = formatDuration(lastMs);
  return engaged ? t`Killed on ${have} of ${all} in ${time}` : t`Re-armed on ${have} of ${all} in ${time}`;
}
