import { comparePhases, type MigrationPhase } from '../migration-plans/phase.ts';
import { desiredExposure, percent } from './exposure.ts';
import type { Facts } from './facts.ts';
import { close, isSent } from './move-exposure.ts';
import { move, type Next } from './next.ts';
import type { Exposure, Spec } from './spec.ts';
import type { State } from './state.ts';

/** From here on what the baseline version reads is not written any more. */
export const LAST_SAFE: MigrationPhase = 'read_only_new';

/** One step of the way back: flags, then traffic, then the migration's phase. */
export function backward(spec: Spec, state: State, facts: Facts): Next {
  const { nowMs, flags, migration } = facts;
  // What has not begun has set nothing: a target that cannot be reached must not keep it for ever.
  if (state.set === undefined && state.takesOver !== true) {
    return move(state, 'returned', nowMs, 'Nothing was begun: there is nothing to take back.');
  }
  const desired = desiredExposure(spec, state) ?? { flagsPer100k: 0 };
  if (state.back !== undefined && flags.some(({ isKilled }) => isKilled)) {
    return { state: { ...state, back: undefined }, decision: 'A flag is killed: back at once.', waiting: [] };
  }
  // What is lower already stays so: nothing rises on the way back.
  const exposed = flags.filter(
    ({ isGone, weightPer100k = 100_001 }) => !isGone && weightPer100k > desired.flagsPer100k,
  );
  if (exposed.length > 0) {
    const names = exposed.map(({ flag }) => `"${flag}"`).join(', ');
    const { flagsPer100k } = desired;
    return {
      state: { ...state, set: { ...state.set, flagsPer100k }, enteredAtMs: undefined },
      setFlagsPer100k: flagsPer100k,
      decision:
        flagsPer100k === 0 ? `Taken back to baseline: ${names}.` : `Taken back to ${percent(flagsPer100k)}: ${names}.`,
      waiting: [],
    };
  }
  const closed = findClosed(spec, state, migration);
  if (closed !== undefined) return move(state, 'block', nowMs, closed);
  const gap = findTrafficGap(spec, desired, facts);
  if (gap !== undefined) return close({ part: 'traffic', isGrowth: false }, state, gap, facts);
  if (state.back !== undefined && state.back.step < state.back.steps) return stepBack(state, state.back, nowMs);
  const left = findMigrationGap(state, migration);
  if (left !== undefined) {
    const wanted: Exposure = { ...desired, migrationPhase: left };
    return close({ part: 'migration', isGrowth: false }, state, wanted, facts);
  }
  return move(state, 'returned', nowMs, 'Everyone is back at baseline.');
}

/**
 * What traffic is still to be set to; undefined: it is back. Where it is, it is set once more as long as something that was sent
 * before, by a server that has slept since, could still come and be taken: when the release has ended nobody looks.
 */
function findTrafficGap({ traffic: moved }: Spec, desired: Exposure, facts: Facts): Exposure | undefined {
  if (moved === undefined) return undefined;
  const { candidatePer100k, shadowPer100k = 0, isOpenToOthers = false } = facts.traffic ?? {};
  const isLower = candidatePer100k !== undefined && candidatePer100k <= (desired.trafficPer100k ?? 0);
  if (!isSent(desired, facts) && !(isLower && shadowPer100k === 0)) return desired;
  if (!isOpenToOthers) return undefined;
  return isLower ? { ...desired, trafficPer100k: candidatePer100k } : desired;
}

/**
 * Why a way back does not go on by itself, once its flags are back, in a sentence: what it must reach is away or gone, or
 * the migration stands still. Undefined: it goes on.
 */
export function findStandstill(spec: Spec, state: State, facts: Facts): string | undefined {
  const desired = desiredExposure(spec, state) ?? { flagsPer100k: 0 };
  const { flags, traffic, trafficProblem, applying, migration } = facts;
  if (flags.some(({ isGone, weightPer100k }) => !isGone && (weightPer100k ?? 0) > 0)) return undefined;
  if (findTrafficGap(spec, desired, facts) !== undefined) {
    return applying === undefined ? (trafficProblem ?? traffic?.problem) : undefined;
  }
  return findMigrationGap(state, migration) === undefined ? undefined : migration?.problem;
}

/** The next share of a gradual return, when the present one has been seen for long enough. */
function stepBack(state: State, back: NonNullable<State['back']>, nowMs: number): Next {
  const { seenAtMs, everySeconds, step, steps } = back;
  if (seenAtMs === undefined) return { state: { ...state, back: { ...back, seenAtMs: nowMs } }, waiting: [] };
  const leftMs = seenAtMs + everySeconds * 1000 - nowMs;
  if (leftMs > 0) {
    return { state, waiting: [`Step ${step} of ${steps} back; the next in ${Math.ceil(leftMs / 1000)} s.`] };
  }
  return {
    state: { ...state, back: { ...back, step: step + 1, seenAtMs: undefined } },
    decision: `On to step ${step + 1} of ${steps} back.`,
    waiting: [],
  };
}

/** Why the baseline version could not live with the schema any more; undefined: it can, or there is no migration. */
function findClosed(
  { migration: plan, traffic }: Spec,
  { origin = 'baseline' }: State,
  migration: Facts['migration'],
): string | undefined {
  if (plan === undefined) return undefined;
  if (migration === undefined) {
    const isAsked = traffic !== undefined;
    return isAsked
      ? `Migration plan "${plan.plan}" is gone: nobody knows what ${traffic.baseline} could live with.`
      : undefined;
  }
  if (comparePhases(migration.floor, latest(origin, LAST_SAFE)) <= 0) return undefined;
  const why = migration.floorReason ?? `The migration cannot go back before ${migration.floor}.`;
  const what = traffic === undefined ? 'The migration stays where it is' : `Traffic stays with ${traffic.candidate}`;
  return `${why} ${what}: try again when there is a way back, or accept what is out.`;
}

/** Where the migration is still to go on the way back. What was added stays: it harms nobody. */
function findMigrationGap({ origin }: State, migration: Facts['migration']): MigrationPhase | undefined {
  if (origin === undefined || migration === undefined) return undefined;
  const wanted = latest(origin, 'expand', migration.floor);
  if (comparePhases(migration.phase, wanted) < 0 || (migration.phase === wanted && !migration.isMoving))
    return undefined;
  return wanted;
}

function latest(...phases: readonly MigrationPhase[]): MigrationPhase {
  return phases.reduce((late, phase) => (comparePhases(phase, late) > 0 ? phase : late));
}
