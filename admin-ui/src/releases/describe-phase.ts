import { t } from '@lingui/core/macro';
import type { Release } from '../api/types.ts';
import { describeExposure } from './describe-exposure.ts';
import { phaseWords } from './phase.ts';

/** What the phase of a release means. What is out in the end need not be everyone: of a dark launch it is nobody. */
export function phaseMeaning(release: Pick<Release, 'phase' | 'flags' | 'traffic' | 'stages'>): string {
  const { phase } = release;
  const reach = reachOf(release);
  if (reach === undefined) return t(phaseWords[phase].means);
  switch (phase) {
    case 'promoting':
      return t`What is to be out in the end is being set.`;
    case 'baking':
      return t`${reach}; it is watched for a while longer.`;
    case 'succeeded':
      return t`${reach}, and nothing spoke against it.`;
    default:
      return t(phaseWords[phase].means);
  }
}

/** Who has the candidate in the end; undefined: everyone. */
function reachOf({ flags, traffic, stages }: Pick<Release, 'flags' | 'traffic' | 'stages'>): string | undefined {
  const last = stages.at(-1);
  if (!last) return undefined;
  const shares = [...(flags.length > 0 ? [last.flagsPer100k] : []), ...(traffic ? [last.trafficPer100k ?? 0] : [])];
  if (shares.length === 0) return t`The migration is where it was to go`;
  if (shares.every((share) => share === 100_000)) return undefined;
  const isAnyone = shares.some((share) => share > 0);
  return isAnyone ? t`${describeExposure(last)} has the candidate` : t`Nobody has the candidate`;
}
