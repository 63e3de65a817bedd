import { comparePhases } from '../migration-plans/phase.ts';
import { isInForce, type TrafficDesired } from '../traffic/traffic-target.ts';
import { percent } from './exposure.ts';
import type { Facts } from './facts.ts';
import type { Next } from './next.ts';
import { unseen } from './preflight.ts';
import type { Exposure } from './spec.ts';
import type { State } from './state.ts';

/** The part of what is wanted that is not out, and whose turn it is. */
export interface Gap {
  readonly part: 'flags' | 'traffic' | 'migration';
  /** Whether someone would be exposed who is not. */
  readonly isGrowth: boolean;
}

/**
 * What is to be moved next. Forward the migration comes first, then traffic, then flags; flags that are too many are taken
 * back before anything else. Undefined: what is wanted is what is seen.
 */
export function findGap(desired: Exposure, facts: Facts): Gap | undefined {
  const { flagsPer100k, trafficPer100k, migrationPhase } = desired;
  const served = facts.flags.filter(({ isGone }) => !isGone);
  if (served.some(({ weightPer100k }) => (weightPer100k ?? 0) > flagsPer100k))
    return { part: 'flags', isGrowth: false };
  const { migration, traffic } = facts;
  if (migrationPhase !== undefined && !isThere(migration, migrationPhase)) return { part: 'migration', isGrowth: true };
  if (trafficPer100k !== undefined && !isSent(desired, facts)) {
    const { candidatePer100k = 0, shadowPer100k = 0 } = traffic ?? {};
    const isGrowth = candidatePer100k < trafficPer100k || shadowPer100k < (desired.shadowPer100k ?? 0);
    return { part: 'traffic', isGrowth };
  }
  if (served.some(({ weightPer100k }) => weightPer100k !== flagsPer100k)) return { part: 'flags', isGrowth: true };
  return undefined;
}

export function isThere(migration: Facts['migration'], phase: NonNullable<Exposure['migrationPhase']>): boolean {
  if (migration === undefined) return false;
  const order = comparePhases(migration.phase, phase);
  return order > 0 || (order === 0 && !migration.isMoving);
}

/** Whether the traffic target has what is wanted. */
export function isSent(desired: Exposure, { traffic }: Facts): boolean {
  return traffic !== undefined && isInForce(traffic, toTraffic(desired), traffic.capabilities);
}

export function toTraffic({ trafficPer100k = 0, shadowPer100k = 0 }: Exposure): TrafficDesired {
  return { candidatePer100k: trafficPer100k, ...(shadowPer100k === 0 ? {} : { shadowPer100k }) };
}

/** One step to close a gap: first what is wanted is kept, then it is tried, and then seen. */
export function close({ part, isGrowth }: Gap, state: State, desired: Exposure, facts: Facts): Next {
  const set: Exposure = state.set ?? { flagsPer100k: 0 };
  if (part === 'flags') {
    const { flagsPer100k } = desired;
    return {
      state: { ...state, set: { ...set, flagsPer100k }, enteredAtMs: undefined },
      setFlagsPer100k: flagsPer100k,
      decision:
        desired.trafficPer100k === undefined
          ? `Set to ${percent(flagsPer100k)}.`
          : `Flags set to ${percent(flagsPer100k)}.`,
      waiting: [],
    };
  }
  if (part === 'migration') return sendMigration(state, set, desired, facts);
  const { trafficPer100k, shadowPer100k = 0 } = desired;
  if (set.trafficPer100k !== trafficPer100k || (set.shadowPer100k ?? 0) !== shadowPer100k) {
    const copies = shadowPer100k === (set.shadowPer100k ?? 0) ? '' : `, and of copies ${percent(shadowPer100k)}`;
    return {
      state: { ...state, set: { ...set, ...withTraffic(desired) }, enteredAtMs: undefined },
      decision: `The candidate is to get ${percent(trafficPer100k ?? 0)} of traffic${copies}${afterWhat(facts)}.`,
      waiting: [],
    };
  }
  if (facts.traffic === undefined) return { state, waiting: [unseen(facts)] };
  if (isGrowth && facts.traffic.up?.candidate === 0) {
    return { state, waiting: ['No instance of the candidate answers its checks: traffic does not grow.'] };
  }
  const waiting = `Traffic is to be at ${percent(trafficPer100k ?? 0)}, and is at ${seenOf(facts)}.`;
  const why = facts.trafficProblem ?? facts.traffic.problem;
  return {
    state,
    setTraffic: toTraffic(desired),
    waiting: why === undefined ? [waiting] : [waiting, why],
  };
}

/** A target gets one change at a time. */
function afterWhat({ applying }: Facts): string {
  if (applying === undefined) return '';
  return `, once the change to ${percent(applying.candidatePer100k)} that is under way has ended`;
}

function withTraffic({ trafficPer100k, shadowPer100k = 0 }: Exposure) {
  return { ...(trafficPer100k === undefined ? {} : { trafficPer100k }), shadowPer100k };
}

function seenOf({ traffic }: Facts): string {
  return traffic?.candidatePer100k === undefined ? 'a share that it does not tell' : percent(traffic.candidatePer100k);
}

function sendMigration(state: State, set: Exposure, { migrationPhase }: Exposure, { migration }: Facts): Next {
  if (migrationPhase === undefined) return { state, waiting: [] };
  if (migration === undefined) return { state, waiting: ['The migration plan is gone: make it anew, or abort.'] };
  if (set.migrationPhase !== migrationPhase) {
    return {
      state: { ...state, set: { ...set, migrationPhase }, enteredAtMs: undefined },
      wantPhase: migrationPhase,
      decision: `The migration is to go to ${migrationPhase}.`,
      waiting: [],
    };
  }
  const { phase, isMoving, progress, problem } = migration;
  const done = progress === undefined ? '' : ` (${progress.done} of ${progress.total ?? 'an unknown number'})`;
  const where = isMoving
    ? `is on its way to ${migrationPhase}, at ${phase}${done}`
    : `is at ${phase}, not at ${migrationPhase}`;
  return { state, waiting: [`The migration ${where}.`, ...(problem === undefined ? [] : [problem])] };
}
