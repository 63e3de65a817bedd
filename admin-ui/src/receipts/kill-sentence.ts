import { plural, t } from '@lingui/core/macro';
import type { KillReceipts } from '../api/types.ts';
import { formatDuration, formatNumber } from '../ui/format.ts';

/** "Killed on 4,210 of 4,210 instances in 63 ms", or what is true instead. */
export function killSentence({ engaged, instances, confirmed, unknown, incomplete, lastMs }: KillReceipts): string {
  const act = engaged ? t`Killed` : 'Re-armed';
  const time = confirmed >= instances && lastMs !== null ? t` in ${formatDuration(lastMs)}` : '';
  const reach =
    instances === 0
      ? t`No instance is connected`
      : t`${act} on ${formatNumber(confirmed)} of ${plural(instances, { one: '# instance', other: '# instances' })}${time}`;
  const lost =
    unknown > 0
      ? `; ${plural(unknown, { one: '# more was lost a short while ago', other: '# more were lost a short while ago' })}`
      : '';
  const silent =
    incomplete.length > 0
      ? t`; ${plural(incomplete.length, { one: '# server', other: '# servers' })} not heard from`
      : '';
  return `${reach}${lost}${silent}`;
}
