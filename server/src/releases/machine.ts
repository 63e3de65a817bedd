import { describeExposure, describeReach, desiredExposure, leaseOf, percent } from './exposure.ts';
import type { Facts, FlagFacts } from './facts.ts';
import { gatePause, type Judgement, judge } from './gate-policy.ts';
import { close, findGap, isSent, isThere } from './move-exposure.ts';
import { move, type Next, undo } from './next.ts';
import { BACKWARD, FORWARD } from './phase.ts';
import { preflight } from './preflight.ts';
import type { Exposure, Spec } from './spec.ts';
import type { Pause, State } from './state.ts';
import { leaveOutUnwatched } from './unwatched.ts';
import { backward } from './way-back.ts';

/** The next step of a release. Pure: the same spec, state and facts lead to the same. */
export function next(spec: Spec, state: State, facts: Facts): Next {
  if (state.phase === 'preflight') return preflight(spec, state, facts);
  if (FORWARD.includes(state.phase)) return leaveOutUnwatched(state, facts) ?? forward(spec, state, facts);
  if (BACKWARD.includes(state.phase)) return backward(spec, state, facts);
  if (state.phase === 'blocked')
    return { state, waiting: ['The way back is closed: unblock it to try again, or accept what is out.'] };
  return { state, waiting: facts.unapproved === undefined ? [] : [facts.unapproved] };
}

function forward(spec: Spec, state: State, facts: Facts): Next {
  const { nowMs, blame } = facts;
  const killed = facts.flags.find(({ isKilled }) => isKilled);
  if (killed !== undefined) return undo(state, nowMs, `Flag "${killed.flag}" is killed.`);
  if (blame !== undefined && blame.guilty !== 'flag') return undo(state, nowMs, blame.reason);
  const [watch, gates] = [judgeWatch(spec, state, facts), judgeStage(spec, state, facts)];
  const wrong = watch.undo ?? gates.undo;
  if (wrong !== undefined) return undo(state, nowMs, wrong);
  // Once: what a person does after it stands.
  const isTold = state.overruled.includes(BLAME) || state.pauses.some(({ id }) => id === BLAME);
  if (blame !== undefined && !isTold) return takeFlagsBack(state, blame.reason, nowMs);
  const failed = watch.pause ?? gates.pause;
  if (failed !== undefined && !state.pauses.some(({ id }) => id === gatePause(failed.gate))) {
    return pauseBy(state, { id: gatePause(failed.gate), cause: 'gate', by: failed.gate, reason: failed.reason }, nowMs);
  }
  const desired = desiredExposure(spec, state) ?? { flagsPer100k: 0 };
  const drifted = findDrift(state, desired, facts);
  if (drifted !== undefined && !state.pauses.some(({ cause }) => cause === 'drift')) {
    return pauseBy(state, { id: 'drift', cause: 'drift', by: 'Bunting', reason: drifted }, nowMs);
  }
  const paused = state.pauses.map(({ by, reason }) => `Paused by ${by}: ${reason}`);
  if (drifted !== undefined) return { state, waiting: paused };
  const gap = findGap(desired, facts);
  if (gap !== undefined) {
    const holds = gap.isGrowth ? holdsOf(state, paused, watch.holds, facts) : [];
    if (holds.length > 0) return lateOr(spec, state, nowMs, holds);
    const step = close(gap, state, desired, facts);
    return step.decision === undefined && step.setTraffic === undefined
      ? lateOr(spec, step.state, nowMs, step.waiting)
      : step;
  }
  if (paused.length > 0) return { state, waiting: paused };
  const lease = leaseOf(spec, state);
  if (facts.flags.some((flag) => isLeasedOtherwise(flag, lease))) {
    const decision =
      lease === undefined
        ? 'What the flags expose is there to stay.'
        : `What the flags expose is leased for ${lease} s.`;
    return { state, setFlagsPer100k: desired.flagsPer100k, decision, waiting: [] };
  }
  if (state.phase === 'promoting') {
    const baking = move(state, 'bake', nowMs, `${describeReach(spec, desired)}: baking begins.`);
    // What was to be set before may never have been: what is seen counts, or it would be drift from the first look on.
    return { ...baking, state: { ...baking.state, set: desired, enteredAtMs: nowMs } };
  }
  if (state.enteredAtMs === undefined) {
    const decision = `${describeExposure(spec, desired)} is served.`;
    return { state: { ...state, set: desired, enteredAtMs: nowMs }, decision, waiting: [] };
  }
  if (state.phase === 'baking') return bake(spec, state, state.enteredAtMs, watch.holds, nowMs);
  return progress(spec, state, state.enteredAtMs, [...watch.holds, ...gates.holds], facts);
}

/** Why nobody may be exposed now who is not. What a person set by hand grows although it is paused for that. */
function holdsOf(
  state: State,
  paused: readonly string[],
  watch: readonly string[],
  { noGrowth }: Facts,
): readonly string[] {
  if (paused.length > 0 && state.manual === undefined) return paused;
  return noGrowth === undefined ? watch : [noGrowth, ...watch];
}

function judgeWatch({ watch = [] }: Spec, state: State, { nowMs, ...facts }: Facts): Judgement {
  const { overruled, watchedSinceMs } = state;
  return judge(watch, facts.watch, { nowMs, watchedSinceMs, isWatch: true, isOver: false, overruled });
}

/** Those of a stage say something about it only once its exposure is seen. */
function judgeStage(spec: Spec, state: State, { nowMs, gates }: Facts): Judgement {
  const stage = spec.stages[state.stage];
  if (state.phase !== 'progressing' || stage?.gates === undefined || state.enteredAtMs === undefined)
    return { holds: [] };
  const isOver = stage.maxSeconds !== undefined && nowMs - state.enteredAtMs >= stage.maxSeconds * 1000;
  const { overruled, watchedSinceMs } = state;
  return judge(stage.gates, gates, { nowMs, watchedSinceMs, isWatch: false, isOver, overruled });
}

/** In a stage whose exposure is what is served. */
function progress(
  spec: Spec,
  state: State,
  enteredAtMs: number,
  gates: readonly string[],
  { nowMs, noGrowth }: Facts,
): Next {
  const stage = spec.stages[state.stage];
  if (stage === undefined) return move(state, 'promote', nowMs, 'There is no further stage.');
  const waiting: string[] = [];
  const leftMs = stage.soakSeconds * 1000 - (nowMs - enteredAtMs);
  if (leftMs > 0) waiting.push(`It is watched for ${Math.ceil(leftMs / 1000)} s more.`);
  waiting.push(...gates);
  // Approval is the last gate: nobody is asked about what has not passed.
  const missing = (stage.approvals ?? 0) - state.approvedBy.length;
  if (missing > 0) waiting.push(`${missing} more must approve.`);
  if (noGrowth !== undefined) waiting.push(noGrowth);
  return waiting.length === 0 ? enterStage(spec, state, nowMs) : lateOr(spec, state, nowMs, waiting);
}

/** What becomes of a stage that waits: its deadline counts from when its exposure was seen, or else from its beginning. */
function lateOr(spec: Spec, state: State, nowMs: number, waiting: readonly string[]): Next {
  const { maxSeconds, onLate } = spec.stages[state.stage] ?? {};
  const fromMs = state.enteredAtMs ?? state.sinceMs ?? nowMs;
  const isLate = maxSeconds !== undefined && nowMs - fromMs >= maxSeconds * 1000;
  if (state.phase !== 'progressing' || state.pauses.length > 0 || !isLate) return { state, waiting };
  const late = `Stage ${state.stage + 1} should have ended after ${maxSeconds} s.`;
  if (onLate === 'abort') return undo(state, nowMs, `${late} ${waiting.join(' ')}`);
  return { state, waiting: [late, ...waiting] };
}

/** The stage after the present one, or what follows the last. */
export function enterStage(spec: Spec, state: State, nowMs: number): Next {
  const stage = state.stage + 1;
  if (stage >= spec.stages.length) return move(state, 'promote', nowMs, 'The last stage is done.');
  return {
    state: {
      ...state,
      stage,
      reached: Math.max(stage, state.reached),
      ...{ approvedBy: [], overruled: [], sinceMs: nowMs, enteredAtMs: undefined, manual: undefined },
    },
    decision: `Stage ${state.stage + 1} is done: on to stage ${stage + 1}.`,
    waiting: [],
  };
}

function bake(spec: Spec, state: State, enteredAtMs: number, holds: readonly string[], nowMs: number): Next {
  const leftMs = enteredAtMs + spec.bakeSeconds * 1000 - nowMs;
  if (leftMs > 0) return { state, waiting: [`It bakes for ${Math.ceil(leftMs / 1000)} s more.`, ...holds] };
  if (holds.length > 0) return { state, waiting: holds };
  return move(state, 'baked', nowMs, 'Nothing spoke against it: the release has succeeded.');
}

/** Where nobody is exposed there is nothing to fall back from. */
function isLeasedOtherwise({ isGone, weightPer100k = 0, leaseSeconds }: FlagFacts, lease: number | undefined): boolean {
  return !isGone && weightPer100k > 0 && leaseSeconds !== lease;
}

const BLAME = 'blame';

/** The smallest way back that is enough: the new version stays, what it turned on does not. */
function takeFlagsBack(state: State, reason: string, nowMs: number): Next {
  const back = { ...state, manual: { ...state.manual, flagsPer100k: 0 } };
  return pauseBy(back, { id: BLAME, cause: 'blame', by: 'Bunting', reason: `${reason} The flags go back.` }, nowMs);
}

/** What is neither what was set last nor what is to be was set by someone else, in a sentence. */
function findDrift(state: State, desired: Exposure, facts: Facts): string | undefined {
  const over = 'Resume to take over, or abort.';
  const { flags, traffic, migration } = facts;
  const flag = flags.find((one) => isDrifted(one, state.set, desired));
  if (flag !== undefined) return `Flag "${flag.flag}" ${driftOf(flag)} by someone else. ${over}`;
  // Until it was seen, what is outside may be anything: it is being set.
  if (state.enteredAtMs === undefined || state.set === undefined) return undefined;
  const { trafficPer100k, migrationPhase } = state.set;
  if (trafficPer100k !== undefined && traffic?.candidatePer100k !== undefined && !isSent(state.set, facts)) {
    return `The candidate's traffic was set to ${percent(traffic.candidatePer100k)} by someone else. ${over}`;
  }
  if (migrationPhase !== undefined && migration !== undefined && !isThere(migration, migrationPhase)) {
    return `The migration was taken to ${migration.phase} by someone else. ${over}`;
  }
  return undefined;
}

function isDrifted(
  { weightPer100k, isEnabled, isGone }: FlagFacts,
  set: Exposure | undefined,
  desired: Exposure,
): boolean {
  if (isGone || !isEnabled) return true;
  return set !== undefined && weightPer100k !== set.flagsPer100k && weightPer100k !== desired.flagsPer100k;
}

function driftOf({ isGone, isEnabled, weightPer100k }: FlagFacts): string {
  if (isGone) return 'is archived, or has lost its rule';
  if (!isEnabled) return 'was turned off';
  return weightPer100k === undefined ? 'serves something else at its place' : `was set to ${percent(weightPer100k)}`;
}

function pauseBy(state: State, pause: Omit<Pause, 'sinceMs'>, nowMs: number): Next {
  const pauses = [...state.pauses, { ...pause, sinceMs: nowMs }];
  return { state: { ...state, pauses }, decision: `Paused. ${pause.reason}`, waiting: [] };
}
