import { desiredPer100k } from './exposure.ts';
import type { Facts, FlagFacts } from './facts.ts';
import { afterMove, BACKWARD, FORWARD, type Move } from './phase.ts';
import type { Spec } from './spec.ts';
import type { Pause, State } from './state.ts';

/** What is to be done about a release now. One step: after it, it is looked at again. */
export interface Next {
  readonly state: State;
  /** The exposure to set before the state is kept; undefined: none. */
  readonly setPer100k?: number;
  /** What happened, in a sentence; undefined: nothing. */
  readonly decision?: string;
  /** Why it does not go on, in sentences; empty: it just has. */
  readonly waiting: readonly string[];
}

/** The next step of a release. Pure: the same spec, state and facts lead to the same. */
export function next(spec: Spec, state: State, facts: Facts): Next {
  if (state.phase === 'preflight') return preflight(state, facts);
  if (FORWARD.includes(state.phase)) return forward(spec, state, facts);
  if (BACKWARD.includes(state.phase)) return backward(state, facts);
  return { state, waiting: [] };
}

function preflight(state: State, { problems, noGrowth, nowMs }: Facts): Next {
  const [problem] = problems;
  if (problem !== undefined) return move(state, 'refused', nowMs, `Nothing was begun: ${problems.join(' ')}`);
  if (noGrowth !== undefined) return { state, waiting: [noGrowth] };
  return move(state, 'passed', nowMs, 'Everything is as it must be: the first stage begins.');
}

function forward(spec: Spec, state: State, facts: Facts): Next {
  const killed = facts.flags.find(({ isKilled }) => isKilled);
  if (killed !== undefined) return undo(state, facts.nowMs, `Flag "${killed.flag}" is killed.`);
  const desired = desiredPer100k(spec, state) ?? 0;
  const drifted = facts.flags.find((flag) => isDrifted(flag, state.setPer100k, desired));
  if (drifted !== undefined && !state.pauses.some(({ cause }) => cause === 'drift')) {
    return drift(state, drifted, facts.nowMs);
  }
  const paused = state.pauses.map(({ by, reason }) => `Paused by ${by}: ${reason}`);
  if (drifted !== undefined) return { state, waiting: paused };
  if (facts.flags.some(({ weightPer100k }) => weightPer100k !== desired)) {
    const isGrowth = facts.flags.some(({ weightPer100k }) => (weightPer100k ?? 0) < desired);
    if (isGrowth && paused.length > 0 && state.manualPer100k === undefined) return { state, waiting: paused };
    if (isGrowth && facts.noGrowth !== undefined) return { state, waiting: [facts.noGrowth] };
    return {
      state: { ...state, setPer100k: desired, enteredAtMs: undefined },
      setPer100k: desired,
      decision: `Set to ${percent(desired)}.`,
      waiting: [],
    };
  }
  if (paused.length > 0) return { state, waiting: paused };
  if (state.phase === 'promoting') {
    const baking = move(state, 'bake', facts.nowMs, 'Everyone has it: baking begins.');
    return { ...baking, state: { ...baking.state, enteredAtMs: facts.nowMs } };
  }
  if (state.enteredAtMs === undefined) {
    return { state: { ...state, enteredAtMs: facts.nowMs }, decision: `${percent(desired)} is served.`, waiting: [] };
  }
  if (state.phase === 'baking') return bake(spec, state, state.enteredAtMs, facts);
  return progress(spec, state, state.enteredAtMs, facts);
}

/** In a stage whose exposure is what is served. */
function progress(spec: Spec, state: State, enteredAtMs: number, { nowMs, noGrowth }: Facts): Next {
  const stage = spec.stages[state.stage];
  if (stage === undefined) return move(state, 'promote', nowMs, 'There is no further stage.');
  const waiting: string[] = [];
  const soakedMs = nowMs - enteredAtMs;
  const leftMs = stage.soakSeconds * 1000 - soakedMs;
  if (leftMs > 0) waiting.push(`It is watched for ${Math.ceil(leftMs / 1000)} s more.`);
  const missing = (stage.approvals ?? 0) - state.approvedBy.length;
  if (missing > 0) waiting.push(`${missing} more must approve.`);
  if (noGrowth !== undefined) waiting.push(noGrowth);
  if (waiting.length === 0) return enterStage(spec, state, nowMs);
  if (stage.maxSeconds === undefined || soakedMs < stage.maxSeconds * 1000) return { state, waiting };
  const late = `Stage ${state.stage + 1} should have ended after ${stage.maxSeconds} s.`;
  if (stage.onLate === 'abort') return undo(state, nowMs, `${late} ${waiting.join(' ')}`);
  return { state, waiting: [late, ...waiting] };
}

/** The stage after the present one, or what follows the last. */
export function enterStage(spec: Spec, state: State, nowMs: number): Next {
  const stage = state.stage + 1;
  if (stage >= spec.stages.length) return move(state, 'promote', nowMs, 'The last stage is done.');
  const entered: State = { ...state, stage, approvedBy: [], enteredAtMs: undefined, manualPer100k: undefined };
  return { state: entered, decision: `Stage ${state.stage + 1} is done: on to stage ${stage + 1}.`, waiting: [] };
}

function bake(spec: Spec, state: State, enteredAtMs: number, { nowMs }: Facts): Next {
  const leftMs = enteredAtMs + spec.bakeSeconds * 1000 - nowMs;
  if (leftMs > 0) return { state, waiting: [`It bakes for ${Math.ceil(leftMs / 1000)} s more.`] };
  return move(state, 'baked', nowMs, 'Nothing spoke against it: the release has succeeded.');
}

function backward(state: State, { nowMs, flags }: Facts): Next {
  const exposed = flags.filter(({ isGone, weightPer100k }) => !isGone && weightPer100k !== 0);
  if (exposed.length === 0) return move(state, 'returned', nowMs, 'Everyone is back at baseline.');
  const names = exposed.map(({ flag }) => `"${flag}"`).join(', ');
  return {
    state: { ...state, setPer100k: 0 },
    setPer100k: 0,
    decision: `Taken back to baseline: ${names}.`,
    waiting: [],
  };
}

/** The way back from wherever it is; undefined move: there is nothing to take back. */
export function undo(state: State, nowMs: number, reason: string): Next {
  if (afterMove(state.phase, 'abort') !== undefined) return move(state, 'abort', nowMs, reason);
  if (afterMove(state.phase, 'rollback') !== undefined) return move(state, 'rollback', nowMs, reason);
  return { state, waiting: [] };
}

/** @throws {Error} when the phase has no such move: whoever calls must have looked */
export function move(state: State, name: Move, nowMs: number, decision: string): Next {
  const phase = afterMove(state.phase, name);
  if (phase === undefined) throw new Error(`a release that is ${state.phase} has no move ${name}`);
  const isForward = FORWARD.includes(phase);
  return {
    state: {
      ...state,
      phase,
      approvedBy: [],
      enteredAtMs: undefined,
      manualPer100k: undefined,
      pauses: isForward ? state.pauses : [],
      ...(isForward || BACKWARD.includes(phase) ? {} : { endedAtMs: nowMs }),
    },
    decision,
    waiting: [],
  };
}

/** What is neither what was set last nor what is to be was set by someone else. */
function isDrifted({ weightPer100k, isEnabled, isGone }: FlagFacts, set: number, desired: number): boolean {
  return isGone || !isEnabled || (weightPer100k !== set && weightPer100k !== desired);
}

function drift(state: State, { flag, isGone, isEnabled, weightPer100k }: FlagFacts, nowMs: number): Next {
  const what = isGone
    ? 'is archived, or has lost its rule'
    : !isEnabled
      ? 'was turned off'
      : weightPer100k === undefined
        ? 'serves something else at its place'
        : `was set to ${percent(weightPer100k)}`;
  const reason = `Flag "${flag}" ${what} by someone else. Resume to take over, or abort.`;
  const pause: Pause = { id: 'drift', cause: 'drift', by: 'Bunting', reason, sinceMs: nowMs };
  return { state: { ...state, pauses: [...state.pauses, pause] }, decision: `Paused. ${reason}`, waiting: [] };
}

function percent(per100k: number): string {
  return `${per100k / 1000} %`;
}
