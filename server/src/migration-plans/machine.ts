import { type Action, actionsOf } from './actions.ts';
import type { Definition } from './definition.ts';
import { floorOf } from './floor.ts';
import { before, comparePhases, type MigrationPhase, neighbour } from './phase.ts';
import type { Move, PlanState } from './state.ts';

/** What is seen of a plan's surroundings. */
export interface PlanFacts {
  /** Milliseconds since 1970, UTC. */
  readonly nowMs: number;
  /** Why nothing may go forward now, such as a freeze; in a sentence. */
  readonly noGrowth?: string | undefined;
  /** Who does not run the code that the plan needs; in a sentence. Undefined: everyone does, and someone is there. */
  readonly laggards?: string | undefined;
  /** What the flag is that it should not be, with what to do. */
  readonly flagProblem?: string | undefined;
}

export type Next =
  /** There is nothing to do, or it must not be done: in sentences. */
  | { readonly do: 'rest'; readonly waiting: readonly string[] }
  /** Keep this state: a move begins, turns round or has ended. */
  | { readonly do: 'keep'; readonly state: PlanState; readonly decision: string }
  /** Do this, then tell `after` how it went. */
  | { readonly do: 'act'; readonly action: Action; readonly move: Move };

/** How an action went. */
export type Outcome =
  | { readonly is: 'done' }
  /** It cannot be yet: asked again for as long as it takes. */
  | { readonly is: 'waiting'; readonly reason: string }
  /** A check does not hold yet: asked again until its time is over. */
  | { readonly is: 'unmet'; readonly reason: string; readonly withinSeconds: number }
  /** What stood in the way passes, such as a lock. `hasProgressed`: but a part of it was done. */
  | { readonly is: 'again'; readonly reason: string; readonly hasProgressed?: boolean }
  | { readonly is: 'failed'; readonly reason: string };

/** What passes is tried so often, once a second. */
const MAX_TRIES = 30;

/** What is next for a plan. Pure: the same definition, state and facts lead to the same. @param newId of a move */
export function next(definition: Definition, state: PlanState, facts: PlanFacts, newId: () => string): Next {
  const { move, pause, failure, wanted, phase } = state;
  if (pause !== undefined) return rest(`Paused by ${pause.by}: ${pause.reason}`);
  if (move !== undefined && isBeyond(move, wanted)) return turn(state, move, facts, newId);
  if (failure !== undefined) {
    if (move === undefined || !returns(definition, state, move)) return rest(failure.reason);
    const returning = `On the way to ${move.phase} it failed, and went back: ${failure.reason}`;
    return turn({ ...state, wanted: phase, returning }, move, facts, newId);
  }
  const to = move === undefined ? neighbour(phase, wanted) : targetOf(move);
  if (to === undefined) return rest();
  const obstacles = obstaclesTo(definition, state, to, facts);
  if (obstacles.length > 0) return rest(...obstacles);
  if (move === undefined) {
    const direction = comparePhases(to, phase) > 0 ? 'up' : 'down';
    const begun = newMove(newId(), direction, direction === 'up' ? to : phase, facts.nowMs);
    return keep(
      { ...state, move: begun, waiting: undefined },
      direction === 'up' ? `Begins ${to}.` : `Leaves ${phase}.`,
    );
  }
  const action = actionsOf(definition, move)[move.done];
  if (action !== undefined) return { do: 'act', action, move };
  // Nobody asked for this return: someone has to look before it is tried again.
  const returned = state.returning === undefined ? {} : { failure: { reason: state.returning, atMs: facts.nowMs } };
  return keep({ phase: to, enteredAtMs: facts.nowMs, wanted, ...returned }, `Phase ${to} is reached.`);
}

/** The state after an action of its move. */
export function after(state: PlanState, move: Move, outcome: Outcome, nowMs: number): PlanState {
  const fail = (reason: string): PlanState => ({
    ...state,
    move,
    failure: { reason, atMs: nowMs },
    waiting: undefined,
  });
  switch (outcome.is) {
    case 'done':
      return { ...state, move: { ...move, done: move.done + 1, tries: 0, sinceMs: nowMs }, waiting: undefined };
    case 'waiting':
      return { ...state, move, waiting: outcome.reason };
    case 'unmet':
      if (nowMs - move.sinceMs >= outcome.withinSeconds * 1_000) return fail(outcome.reason);
      return { ...state, move, waiting: outcome.reason };
    case 'again':
      if (outcome.hasProgressed === true) return { ...state, move: { ...move, tries: 0 }, waiting: outcome.reason };
      if (move.tries + 1 >= MAX_TRIES) return fail(`${outcome.reason} (Tried ${MAX_TRIES} times.)`);
      return { ...state, move: { ...move, tries: move.tries + 1 }, waiting: outcome.reason };
    case 'failed':
      return fail(outcome.reason);
  }
}

/** Why a wish is not allowed. The message says what is. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

/** The state in which a plan goes to a phase. What is wanted already changes nothing. @throws {NotAllowed} */
export function want(definition: Definition, state: PlanState, to: MigrationPhase, facts: PlanFacts): PlanState {
  if (to === state.wanted) return state;
  const floor = floorOf(definition, state);
  if (comparePhases(to, floor.phase) < 0) {
    throw new NotAllowed(
      `It cannot go back to ${to}: ${floor.phase} is as far as it can. ${floor.reason ?? ''}`.trim(),
    );
  }
  const refusal = whyNotYet(definition, state, to, facts);
  if (refusal !== undefined) throw new NotAllowed(refusal);
  // A way back is never held up by what stopped the way forward.
  const isBack = comparePhases(to, state.phase) < 0 || (state.move !== undefined && isBeyond(state.move, to));
  const lifted = isBack ? { failure: undefined, pause: undefined } : {};
  return { ...state, wanted: to, waiting: undefined, returning: undefined, ...lifted };
}

/** Has what failed done again, from the action that failed. */
export function retry(state: PlanState, nowMs: number): PlanState {
  const { move, failure } = state;
  if (failure === undefined) throw new NotAllowed('Nothing of it has failed: there is nothing to try again.');
  const again = move && { ...move, tries: 0, sinceMs: nowMs, attempt: move.attempt + 1 };
  return { ...state, move: again, failure: undefined };
}

/** The last two phases are one-way doors: each is asked for by itself, when the one before it is reached and has baked. */
function whyNotYet(definition: Definition, state: PlanState, to: MigrationPhase, facts: PlanFacts): string | undefined {
  for (const door of ['stop_old_write', 'contract'] as const) {
    if (comparePhases(to, door) < 0 || comparePhases(state.phase, door) >= 0) continue;
    const [first] =
      state.phase === before(door) ? obstaclesTo(definition, state, door, { ...facts, noGrowth: undefined }) : [];
    if (state.phase === before(door) && state.move === undefined && door === to) return first;
    return (
      `Phase ${door} is a step of its own, taken when ${before(door)} is reached: it is ${state.phase} now. ` +
      `Go to ${before(door)} first, watch it, then ask for ${door} alone.`
    );
  }
  return undefined;
}

function obstaclesTo(definition: Definition, state: PlanState, to: MigrationPhase, facts: PlanFacts): string[] {
  const { phase, enteredAtMs, move } = state;
  if (comparePhases(to, phase) < 0 || move?.direction === 'down') return [];
  const bakeMs = (definition.phases[phase]?.bakeSeconds ?? 0) * 1_000;
  const leftMs = enteredAtMs + bakeMs - facts.nowMs;
  return [
    ...(facts.noGrowth === undefined ? [] : [facts.noGrowth]),
    ...(facts.flagProblem === undefined ? [] : [facts.flagProblem]),
    ...(leftMs > 0 && move === undefined ? [`Phase ${phase} bakes for ${Math.ceil(leftMs / 1_000)} s more.`] : []),
    ...(facts.laggards === undefined || !needsCode(definition, to) ? [] : [facts.laggards]),
  ];
}

/** From when on a row that is written by old code alone would be missed. */
function needsCode({ code }: Definition, to: MigrationPhase): boolean {
  return to === 'contract' || (code !== undefined && comparePhases(to, 'backfill') >= 0);
}

/** Whether a move that failed goes back by itself. */
function returns(definition: Definition, state: PlanState, { direction, phase }: Move): boolean {
  if (direction === 'down' || definition.phases[phase]?.returnsOnFailure !== true) return false;
  return comparePhases(floorOf(definition, state).phase, state.phase) <= 0;
}

/** Where a move leads. */
function targetOf({ direction, phase }: Move): MigrationPhase {
  return direction === 'up' ? phase : before(phase);
}

/** Whether a move leads away from what is wanted. */
function isBeyond({ direction, phase }: Move, wanted: MigrationPhase): boolean {
  return direction === 'up' ? comparePhases(wanted, phase) < 0 : comparePhases(wanted, phase) >= 0;
}

/** The same phase's steps, the other way, from the beginning: what was done of them may be any part. */
function turn(state: PlanState, { direction, phase }: Move, { nowMs }: PlanFacts, newId: () => string): Next {
  const turned = direction === 'up' ? 'down' : 'up';
  return keep(
    { ...state, move: newMove(newId(), turned, phase, nowMs), failure: undefined, waiting: undefined },
    turned === 'down' ? `Turns back from ${phase}.` : `Turns back to ${phase}.`,
  );
}

function newMove(id: string, direction: Move['direction'], phase: MigrationPhase, nowMs: number): Move {
  return { id, direction, phase, done: 0, tries: 0, sinceMs: nowMs, beganMs: nowMs, attempt: 1 };
}

function rest(...waiting: string[]): Next {
  return { do: 'rest', waiting };
}

function keep(state: PlanState, decision: string): Next {
  return { do: 'keep', state, decision };
}
