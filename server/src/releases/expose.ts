import { BUCKET_COUNT, type VariantWeight, weightsOf } from '@bunting/core';
import { Misfit, problemsOf, refusalOf } from '../change-requests/conflict.ts';
import type { Change } from '../change-requests/content.ts';
import { planChanges, savePlanned } from '../change-requests/plan.ts';
import type { Draft } from '../changes/draft.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import type { PlacedRelease } from './repository.ts';
import type { SeenFlag } from './see-flags.ts';

interface Wanted {
  readonly per100k: number;
  /** Nothing rises on the way back. */
  readonly isReturn: boolean;
  /** Undefined: it is there to stay. */
  readonly leaseSeconds: number | undefined;
}

/**
 * Gives the candidate of each flag this share, and the baseline the rest. On the way back a third variant that someone else
 * brought in keeps its share, and so does a candidate that has less already.
 * @throws {ApiError} what stands against it; then nothing may be kept of the draft
 */
export async function expose(
  draft: Draft,
  migrations: MigrationGuard,
  { project, environment }: Pick<PlacedRelease, 'project' | 'environment'>,
  seen: readonly SeenFlag[],
  { per100k, isReturn, leaseSeconds }: Wanted,
): Promise<void> {
  const changes = seen.flatMap((flag): Change[] => {
    const { facts, held } = flag;
    const { weightPer100k = BUCKET_COUNT } = facts;
    const { candidate: variant, baseline: fallback } = held;
    const isLeased = leaseSeconds !== undefined && per100k > 0;
    const lease = isLeased ? { variant, fallback, seconds: leaseSeconds } : undefined;
    const isSo = facts.weightPer100k === per100k && facts.leaseSeconds === lease?.seconds;
    if (facts.isGone || isSo || (isReturn && weightPer100k < per100k)) return [];
    const rule = held.rule === undefined ? {} : { rule: held.rule };
    const leased = lease === undefined ? {} : { lease };
    const edits = [{ kind: 'setRollout' as const, ...rule, weights: weightsFor(flag, per100k), ...leased }];
    return [{ environment, flag: facts.flag, edits }];
  });
  const planned = await planChanges(draft.tx, project, changes, draft.atMs);
  if (problemsOf(planned).length === 0) await savePlanned(draft, migrations, project, planned);
  const refusal = refusalOf(planned);
  if (refusal !== undefined) throw refusal;
  const problems = problemsOf(planned);
  if (problems.length > 0) throw new Misfit(problems, []);
}

function weightsFor({ held, targeting }: SeenFlag, per100k: number): VariantWeight[] {
  const { candidate, baseline, rule } = held;
  const serve = rule === undefined ? targeting?.defaultRule : targeting?.rules.find(({ id }) => id === rule)?.serve;
  const isOther = ({ variant }: VariantWeight) => variant !== candidate && variant !== baseline;
  const others =
    per100k === 0 && serve !== undefined && 'split' in serve ? weightsOf(serve.split.ranges).filter(isOther) : [];
  const rest = others.reduce((left, { weightPer100k }) => left - weightPer100k, BUCKET_COUNT - per100k);
  return [{ variant: candidate, weightPer100k: per100k }, { variant: baseline, weightPer100k: rest }, ...others];
}
