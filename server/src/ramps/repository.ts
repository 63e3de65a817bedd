import type { Querier } from '../store/tables.ts';

interface RampFilter {
  readonly afterKey?: string | undefined;
  readonly limit?: number;
}

/** Keys of flags that may have ramps in an environment, by key: those whose targeting speaks of a schedule. */
export async function findRampFlags(
  db: Querier,
  environmentId: string,
  { afterKey, limit }: RampFilter = {},
): Promise<string[]> {
  let select = db
    .selectFrom('flag_environments')
    .innerJoin('flags', 'flags.id', 'flag_environments.flag_id')
    .select('flags.key')
    .where('environment_id', '=', environmentId)
    .where('flags.archived_at', 'is', null)
    .where((eb) => eb.or([eb('rules', 'like', '%"schedule"%'), eb('default_rule', 'like', '%"schedule"%')]))
    .orderBy('flags.key');
  if (afterKey !== undefined) select = select.where('flags.key', '>', afterKey);
  if (limit !== undefined) select = select.limit(limit);
  return (await select.execute()).map(({ key }) => key);
}
