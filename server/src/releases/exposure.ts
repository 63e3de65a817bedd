import { BUCKET_COUNT } from '@bunting/core';
import { BACKWARD } from './phase.ts';
import { type Exposure, exposureOf, type Spec } from './spec.ts';
import type { State } from './state.ts';

/**
 * What a release wants to be out. Undefined: it wants nothing, for it has not begun, has ended, or cannot go back. On the way
 * back the phase of the migration is left open: where it may go is seen when its turn comes.
 */
export function desiredExposure(spec: Pick<Spec, 'stages' | 'traffic'>, state: State): Exposure | undefined {
  const { phase, stage, manual } = state;
  if (BACKWARD.includes(phase)) return returning(spec, state);
  const isLast = phase === 'promoting' || phase === 'baking';
  if (!isLast && phase !== 'progressing') return undefined;
  const here = isLast ? spec.stages.at(-1) : spec.stages[stage];
  return here && { ...exposureOf(here), ...manual };
}

/** What grows cold is what had no load: traffic where there is any, and the flags follow at once; else the flags. */
function returning({ traffic }: Pick<Spec, 'traffic'>, { back }: State): Exposure {
  const left = back === undefined ? 0 : Math.floor(back.from * Math.max(0, 1 - back.step / back.steps));
  if (traffic === undefined) return { flagsPer100k: left };
  return { flagsPer100k: 0, trafficPer100k: left, shadowPer100k: 0 };
}

/**
 * After how long without anyone who looks after it what the flags expose falls back by itself, in seconds; undefined: it stays.
 * What everyone has is to stay.
 */
export function leaseOf(
  { leaseSeconds }: Pick<Spec, 'leaseSeconds'>,
  { phase }: Pick<State, 'phase'>,
): number | undefined {
  return phase === 'progressing' ? leaseSeconds : undefined;
}

/** What is out where nothing of a release is. */
export function nothingOut({ traffic, migration }: Pick<Spec, 'traffic' | 'migration'>, origin: State['origin']) {
  return {
    flagsPer100k: 0,
    ...(traffic === undefined ? {} : { trafficPer100k: 0, shadowPer100k: 0 }),
    ...(migration === undefined || origin === undefined ? {} : { migrationPhase: origin }),
  } satisfies Exposure;
}

/** Such as `traffic 20 %, flags 5 %`; of flags alone `5 %`. */
export function describeExposure(
  { flags }: Pick<Spec, 'flags'>,
  { flagsPer100k, trafficPer100k, shadowPer100k, migrationPhase }: Exposure,
): string {
  if (trafficPer100k === undefined && migrationPhase === undefined) return percent(flagsPer100k);
  const parts = [
    ...(migrationPhase === undefined ? [] : [`migration at ${migrationPhase}`]),
    ...(trafficPer100k === undefined ? [] : [`traffic ${percent(trafficPer100k)}`]),
    ...(shadowPer100k === undefined || shadowPer100k === 0 ? [] : [`copies ${percent(shadowPer100k)}`]),
    ...(flags.length === 0 ? [] : [`flags ${percent(flagsPer100k)}`]),
  ];
  return parts.join(', ');
}

/** Who has what is out, such as `Everyone has it`: of an A/B test not everyone, of a dark launch nobody. */
export function describeReach(spec: Pick<Spec, 'flags' | 'traffic'>, exposure: Exposure): string {
  const { flagsPer100k, trafficPer100k = 0, shadowPer100k = 0, migrationPhase } = exposure;
  const shares = [
    ...(spec.flags.length === 0 ? [] : [flagsPer100k]),
    ...(spec.traffic === undefined ? [] : [trafficPer100k]),
  ];
  if (shares.length === 0) return `The migration is at ${migrationPhase}`;
  if (shares.every((share) => share === BUCKET_COUNT)) return 'Everyone has it';
  if (shares.some((share) => share > 0)) return `Out is ${describeExposure(spec, exposure)}`;
  return shadowPer100k === 0 ? 'Nobody has it' : `Nobody has it, and it gets copies of ${percent(shadowPer100k)}`;
}

export function percent(per100k: number): string {
  return `${per100k / 1000} %`;
}
