import { t } from '@lingui/core/macro';
import type { Flag } from '../../api/types.ts';
import { onOffVariants } from '../../flags/describe-serve.ts';
import { type Weight, weightsOfServe } from '../../flags/weights.ts';
import type { ReleasedFlag } from '../../releases/release-spec.ts';

/** A flag as it would most likely be released: from what it serves now to the other one. */
export function releaseFlag(flag: Flag, environment: string): ReleasedFlag {
  const state = flag.environments[environment];
  const shares = state ? weightsOfServe(state.defaultRule, flag.variants, state.offVariant) : [];
  const served = shares.reduce<Weight | undefined>(
    (most, share) => (most && most.weightPer100k >= share.weightPer100k ? most : share),
    undefined,
  );
  const baseline = served?.variant ?? flag.variants[0]?.name ?? '';
  const pair = onOffVariants(flag);
  const other = flag.variants.find(({ name }) => name !== baseline)?.name ?? '';
  return { flag: flag.key, baseline, candidate: pair && pair.on !== baseline ? pair.on : other };
}

/** What the server will say against a start with a flag as it is now; undefined: nothing. */
export function obstacleOf(flag: Flag, { baseline, rule }: ReleasedFlag, environment: string): string | undefined {
  const state = flag.environments[environment];
  if (flag.archivedAt !== null || !state) return t`It is archived: restore it before the release starts.`;
  if (state.killed) return t`It is killed here: re-arm it before the release starts.`;
  if (!state.enabled)
    return t`It is off here: turn it on before the release starts. It serves its baseline until then.`;
  const serve = rule === undefined ? state.defaultRule : state.rules.find(({ id }) => id === rule)?.serve;
  if (serve === undefined) return undefined;
  const shares = weightsOfServe(serve, flag.variants, state.offVariant);
  if (shares.every(({ variant, weightPer100k }) => variant === baseline || weightPer100k === 0)) return undefined;
  return t`It does not serve ${baseline} to everyone here: let it, before the release starts.`;
}
