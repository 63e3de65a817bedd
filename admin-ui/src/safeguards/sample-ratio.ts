import { t } from '@lingui/core/macro';
import type { EvidencePoint } from '../evidence/evidence-curves.ts';
import { formatShare } from '../releases/describe-gate.ts';
import { formatNumber } from '../ui/format.ts';

/** The candidate's share of subjects after each point, of all so far; null while there was nobody. */
export function sharesOverTime(points: readonly EvidencePoint[]): (number | null)[] {
  let given = 0;
  let all = 0;
  return points.map(({ candidate, baseline }) => {
    given += candidate?.count ?? 0;
    all += (candidate?.count ?? 0) + (baseline?.count ?? 0);
    return all === 0 ? null : given / all;
  });
}

interface RatioState {
  readonly variant: string | null;
  readonly silence: string | null;
  readonly logE: number | null;
  readonly threshold: number | null;
  readonly failedAt: string | null;
  readonly dueShare?: number;
  readonly points: readonly EvidencePoint[];
}

/** Whether a split gives a variant its share of subjects, in words. */
export function ratioWords({ variant, silence, logE, threshold, failedAt, dueShare, points }: RatioState): string {
  if (failedAt !== null && variant !== null) {
    return t`“${variant}” did not get the share that its split says: do not trust comparisons of it, and look for what loses or favours subjects.`;
  }
  const count = (read: (point: EvidencePoint) => number | undefined) =>
    points.reduce((sum, point) => sum + (read(point) ?? 0), 0);
  const given = count(({ candidate }) => candidate?.count);
  const all = given + count(({ baseline }) => baseline?.count);
  if (all === 0 || variant === null) return silence ?? t`No subject was served for the first time yet.`;
  const [some, every, share] = [formatNumber(given), formatNumber(all), formatShare(given / all)];
  const counted =
    dueShare === undefined
      ? t`${some} of ${every} subjects got “${variant}” (${share}).`
      : t`${some} of ${every} subjects got “${variant}” (${share}, ${formatShare(dueShare)} are due).`;
  if (logE === null || threshold === null) return counted;
  const doubt = logE <= 0 ? 0 : logE / threshold;
  if (doubt < 0.5) return t`As it should be: ${counted}`;
  return t`It begins to look wrong: ${counted}`;
}
