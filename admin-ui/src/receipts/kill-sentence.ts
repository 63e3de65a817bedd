import type { KillReceipts } from '../api/types.ts';
import { formatCount, formatDuration, formatNumber } from '../ui/format.ts';

/** "Killed on 4,210 of 4,210 instances in 63 ms", or what is true instead. */
export function killSentence({ engaged, instances, confirmed, unknown, incomplete, lastMs }: KillReceipts): string {
  const act = engaged ? 'Killed' : 'Re-armed';
  const time = confirmed >= instances && lastMs !== null ? ` in ${formatDuration(lastMs)}` : '';
  const reach =
    instances === 0
      ? 'No instance is connected'
      : `${act} on ${formatNumber(confirmed)} of ${formatCount(instances, 'instance')}${time}`;
  const lost =
    unknown > 0 ? `; ${formatNumber(unknown)} more ${unknown === 1 ? 'was' : 'were'} lost a short while ago` : '';
  const silent = incomplete.length > 0 ? `; ${formatCount(incomplete.length, 'server')} not heard from` : '';
  return `${reach}${lost}${silent}`;
}
