import { BUCKET_COUNT, type BucketRange, type Serve, weightsOf } from '@bunting/core';
import { type Targeting, targetingOf } from '../flags/flag.ts';
import type { FlagEnvironmentRow, FlagRow } from '../store/tables/flags.ts';
import type { Querier } from '../store/tables.ts';
import type { FlagFacts } from './facts.ts';
import type { StoredFlag } from './release.ts';

/** A flag of a release as it is in its environment; undefined `row`: it was deleted. */
export interface SeenFlag {
  readonly held: StoredFlag;
  readonly row: FlagRow | undefined;
  readonly targeting: Targeting | undefined;
  readonly facts: FlagFacts;
}

/**
 * Reads what is served of the flags of a release.
 * @param isKilled whether the flag of this key is killed in the environment
 */
export async function seeFlags(
  db: Querier,
  environmentId: string,
  flags: readonly StoredFlag[],
  isKilled: (flag: string) => boolean,
): Promise<SeenFlag[]> {
  if (flags.length === 0) return [];
  const ids = flags.map(({ id }) => id);
  const rows = await db.selectFrom('flags').selectAll().where('id', 'in', ids).execute();
  const places = await db
    .selectFrom('flag_environments')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('flag_id', 'in', ids)
    .execute();
  return flags.map((held) => {
    const row = rows.find(({ id }) => id === held.id);
    const place = places.find(({ flag_id }) => flag_id === held.id);
    return see(held, row, place, isKilled);
  });
}

function see(
  held: StoredFlag,
  row: FlagRow | undefined,
  place: FlagEnvironmentRow | undefined,
  isKilled: (flag: string) => boolean,
): SeenFlag {
  const targeting = place && targetingOf(place);
  const serve = targeting && serveOf(targeting, held.rule);
  const lease = serve !== undefined && 'split' in serve ? serve.split.lease : undefined;
  const flag = row?.key ?? held.flag;
  const weightPer100k = serve && weightOf(serve, held);
  const isGone = row === undefined || row.archived_at !== null || serve === undefined;
  return {
    held,
    row,
    targeting,
    facts: {
      flag,
      weightPer100k,
      servedPer100k: isGone ? undefined : servedOf(targeting, held, isKilled(flag), weightPer100k),
      ...(lease?.variant === held.candidate ? { leaseSeconds: lease.seconds } : {}),
      isEnabled: targeting?.enabled ?? false,
      isKilled: isKilled(flag),
      isGone,
    },
  };
}

/** Who is off, or killed, serves one variant to everyone, whatever the weights say. */
function servedOf(
  targeting: Targeting | undefined,
  { candidate }: StoredFlag,
  isKilled: boolean,
  weightPer100k: number | undefined,
): number | undefined {
  if (targeting === undefined) return undefined;
  const { enabled, offVariant, safeVariant = offVariant } = targeting;
  if (enabled && !isKilled) return weightPer100k;
  return (isKilled ? safeVariant : offVariant) === candidate ? BUCKET_COUNT : 0;
}

function serveOf(targeting: Targeting, rule: string | undefined): Serve | undefined {
  return rule === undefined ? targeting.defaultRule : targeting.rules.find(({ id }) => id === rule)?.serve;
}

/** The candidate's share where candidate and baseline share everything between them; undefined: not so. */
function weightOf(serve: Serve, { candidate, baseline }: StoredFlag): number | undefined {
  if (!('split' in serve)) {
    if (serve.variant === baseline) return 0;
    return serve.variant === candidate ? 100_000 : undefined;
  }
  const { ranges, schedule = [] } = serve.split;
  return schedule.length > 0 ? undefined : shareOf(ranges, candidate, baseline);
}

function shareOf(ranges: readonly BucketRange[], candidate: string, baseline: string): number | undefined {
  const weights = new Map(weightsOf(ranges).map(({ variant, weightPer100k }) => [variant, weightPer100k]));
  const [has, rest] = [weights.get(candidate) ?? 0, weights.get(baseline) ?? 0];
  return has + rest === 100_000 ? has : undefined;
}
