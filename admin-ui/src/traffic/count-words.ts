import { t } from '@lingui/core/macro';
import type { TrafficState } from '../api/types.ts';
import { badShare } from '../evidence/evidence-curves.ts';
import { formatShare } from '../releases/describe-gate.ts';
import { formatNumber } from '../ui/format.ts';

/** What a target counted of one side since it was started: its own counters. */
export function countWords({ requests, errors }: NonNullable<TrafficState['counts']>['candidate']): string {
  const share = badShare({ count: requests, bad: errors });
  if (share === undefined) return t`no request yet`;
  return t`${formatNumber(requests)} requests, ${formatNumber(errors)} of them errors (${formatShare(share)})`;
}
