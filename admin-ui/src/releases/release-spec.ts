import type { CreateReleaseBody, Release, ReleaseStage } from '../api/types.ts';

/** What of a flag a release moves. */
export type ReleasedFlag = NonNullable<CreateReleaseBody['flags']>[number];

/** What a release is made of, with all that may be left out filled in: it is sent as it is. */
export type ReleaseSpec = Omit<CreateReleaseBody, 'flags' | 'stages'> & {
  readonly flags: ReleasedFlag[];
  readonly stages: ReleaseStage[];
  readonly bakeSeconds: number;
  readonly rollbackWindowSeconds: number;
};

/** What a release was made of, without what became of it. */
export function specOfRelease(release: Release): ReleaseSpec {
  const { title, environment, strategy, traffic, migration, leaseSeconds, needs, watch, flags, stages } = release;
  return {
    ...{ title, environment, strategy },
    flags: flags.map(({ weightPer100k: _, ...flag }) => flag),
    ...(traffic && { traffic }),
    ...(migration && { migration }),
    ...(leaseSeconds !== undefined && { leaseSeconds }),
    ...(needs && { needs }),
    ...(watch && { watch }),
    ...{ stages, bakeSeconds: release.bakeSeconds, rollbackWindowSeconds: release.rollbackWindowSeconds },
  };
}
