import { type Exposure, exposureOf, type Spec, type Stage } from './spec.ts';

/** A stage as people write it: what it leaves out is as in the stage before. */
export type WrittenStage = Omit<Stage, keyof Exposure> & Partial<Exposure>;

/** Fills in what stages take over from those before them. The first begins where nothing is out. */
export function completeStages(spec: Pick<Spec, 'traffic' | 'migration'>, stages: readonly WrittenStage[]): Stage[] {
  let before: Exposure = {
    flagsPer100k: 0,
    ...(spec.traffic === undefined ? {} : { trafficPer100k: 0 }),
    ...(spec.migration === undefined ? {} : { migrationPhase: 'baseline' as const }),
  };
  return stages.map((stage) => {
    const complete = { ...before, ...stage };
    before = exposureOf(complete);
    return complete;
  });
}
