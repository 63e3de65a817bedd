import { t } from '@lingui/core/macro';
import type { ReleaseStage } from '../api/types.ts';
import { formatPercent } from '../flags/weights.ts';

type Exposure = Pick<ReleaseStage, 'flagsPer100k' | 'trafficPer100k' | 'shadowPer100k' | 'migrationPhase'>;

/** What of a release is out, in a few words; of one that moves flags alone, their share. */
export function describeExposure({
  flagsPer100k,
  trafficPer100k,
  shadowPer100k = 0,
  migrationPhase,
}: Exposure): string {
  if (trafficPer100k === undefined && migrationPhase === undefined) return formatPercent(flagsPer100k);
  return [
    migrationPhase?.replaceAll('_', ' '),
    trafficPer100k !== undefined && t`traffic ${formatPercent(trafficPer100k)}`,
    shadowPer100k > 0 && t`copies ${formatPercent(shadowPer100k)}`,
    flagsPer100k > 0 && t`flags ${formatPercent(flagsPer100k)}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}
