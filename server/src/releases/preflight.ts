import { before, comparePhases, type MigrationPhase } from '../migration-plans/phase.ts';
import { findLacks } from './check-target.ts';
import { nothingOut } from './exposure.ts';
import type { Facts, FlagFacts } from './facts.ts';
import { move, type Next, undo } from './next.ts';
import type { Spec } from './spec.ts';
import type { State } from './state.ts';

/** Looks at everything before anybody is exposed. */
export function preflight(spec: Spec, state: State, facts: Facts): Next {
  const { nowMs, noGrowth, traffic, migration, flags, unwatchedMs } = facts;
  const problems = [...facts.problems, ...problemsOf(spec, state, facts)];
  if (problems.length > 0 && state.takesOver === true) {
    // What the release before it has out is this one's by now: to refuse it would leave that to nobody.
    const killed = flags.find(({ isKilled }) => isKilled);
    return killed === undefined ? { state, waiting: problems } : undo(state, nowMs, `Flag "${killed.flag}" is killed.`);
  }
  if (problems.length > 0) return move(state, 'refused', nowMs, `Nothing was begun: ${problems.join(' ')}`);
  if (spec.traffic !== undefined && traffic?.candidatePer100k === undefined) return { state, waiting: [unseen(facts)] };
  if (noGrowth !== undefined) return { state, waiting: [noGrowth] };
  const passed = move(state, 'passed', nowMs, 'Everything is as it must be: the first stage begins.');
  const origin = migration?.phase;
  return {
    ...passed,
    state: {
      ...passed.state,
      beganAtMs: nowMs,
      ...{ unwatchedMs, watchedSinceMs: undefined },
      origin,
      set: state.takesOver === true ? undefined : nothingOut(spec, origin),
    },
    ...(state.stage === 0 ? {} : { decision: `Everything is as it must be: stage ${state.stage + 1} begins.` }),
  };
}

/** Why the traffic target is not known, for people. */
export function unseen({ trafficProblem, traffic }: Facts): string {
  return trafficProblem ?? traffic?.problem ?? 'The traffic target has not been read yet.';
}

function problemsOf(spec: Spec, state: State, { flags, traffic, migration }: Facts): string[] {
  const problems = state.takesOver === true ? [] : flags.filter(isOut).map(sayOut);
  const { target, candidate, baseline } = spec.traffic ?? {};
  if (traffic !== undefined) {
    problems.push(...findLacks(spec, traffic.capabilities).map(({ path, message }) => `${path}: ${message}.`));
    const { up, candidatePer100k = 0 } = traffic;
    if (candidatePer100k > 0 && state.takesOver !== true) {
      problems.push(
        `Traffic target "${target}" sends ${candidate} ${candidatePer100k / 1000} % already: when the place of the baseline runs it, too, reset the target.`,
      );
    }
    if (up?.candidate === 0) problems.push(`No instance of ${candidate} answers its checks: deploy it first.`);
    if (up?.baseline === 0) problems.push(`No instance of ${baseline} answers its checks: there is no way back.`);
  }
  const plan = spec.migration?.plan;
  if (plan === undefined) return problems;
  if (migration === undefined) problems.push(`Migration plan "${plan}" is not there: make it, or choose another.`);
  const last = spec.stages.at(-1)?.migrationPhase;
  if (migration !== undefined && last !== undefined && comparePhases(migration.phase, last) > 0) {
    problems.push(`Migration plan "${plan}" is at ${migration.phase} already, past ${last}: choose later phases.`);
  }
  const door = spec.stages[state.stage]?.migrationPhase;
  if (migration !== undefined && isDoor(door) && comparePhases(migration.phase, before(door)) < 0) {
    problems.push(
      `Migration plan "${plan}" is at ${migration.phase}, and goes to ${door} only from ${before(door)}: take it there ` +
        'first, watch it, then release this.',
    );
  }
  return problems;
}

/** A phase with no way back, which a plan is asked for by itself. */
function isDoor(phase: MigrationPhase | undefined): phase is MigrationPhase {
  return phase === 'stop_old_write' || phase === 'contract';
}

function isOut({ isGone, weightPer100k }: FlagFacts): boolean {
  return !isGone && weightPer100k !== undefined && weightPer100k > 0;
}

function sayOut({ flag }: FlagFacts): string {
  return `Flag "${flag}" serves its candidate already: let it serve its baseline first.`;
}
