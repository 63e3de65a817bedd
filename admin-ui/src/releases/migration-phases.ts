import type { MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import type { MigrationPhase, MigrationPlan, Release } from '../api/types.ts';

/** The phases of a migration in order, with what each means to what is old and what is new. */
export const migrationPhases: Readonly<
  Record<MigrationPhase, { readonly name: MessageDescriptor; readonly means: MessageDescriptor }>
> = {
  baseline: { name: msg`baseline`, means: msg`nothing is begun` },
  expand: { name: msg`expand`, means: msg`new stands beside old, unused` },
  dual_write: { name: msg`dual write`, means: msg`both are written` },
  backfill: { name: msg`backfill`, means: msg`what was there is copied` },
  shadow_read: { name: msg`shadow read`, means: msg`both are read, old answers` },
  read_new: { name: msg`read new`, means: msg`both are read, new answers` },
  read_only_new: { name: msg`read only new`, means: msg`old is only written` },
  stop_old_write: { name: msg`stop old write`, means: msg`old is not written any more` },
  contract: { name: msg`contract`, means: msg`old is removed` },
};

export const migrationPhaseNames = Object.keys(migrationPhases) as readonly MigrationPhase[];

export interface PhaseOfPlan {
  readonly phase: MigrationPhase;
  readonly state: 'done' | 'now' | 'ahead';
  /** The plan is on its way to it. */
  readonly isWanted: boolean;
  /** Index of the stage that sets it; undefined: none does. */
  readonly stage: number | undefined;
  /** Why there is no way back from here on. */
  readonly pointOfNoReturn: string | undefined;
}

/** Each phase of a plan, as the plan stands and as the release goes through it. */
export function phasesOfPlan(
  { stages, pointsOfNoReturn }: Pick<Release, 'stages' | 'pointsOfNoReturn'>,
  plan: Pick<MigrationPlan, 'phase' | 'wanted'>,
): readonly PhaseOfPlan[] {
  const now = migrationPhaseNames.indexOf(plan.phase);
  return migrationPhaseNames.map((phase, at) => {
    // A stage has the phase of the one before where it sets none.
    const stage = stages.findIndex(({ migrationPhase }) => migrationPhase === phase);
    return {
      phase,
      state: at < now ? 'done' : at === now ? 'now' : 'ahead',
      isWanted: plan.wanted === phase && plan.wanted !== plan.phase,
      stage: stage < 0 ? undefined : stage,
      pointOfNoReturn: pointsOfNoReturn.find((point) => stage >= 0 && point.stage === stage)?.reason,
    };
  });
}
