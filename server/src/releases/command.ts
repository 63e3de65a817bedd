import { desiredPer100k } from './exposure.ts';
import type { Facts } from './facts.ts';
import { enterStage, move, type Next, undo } from './machine.ts';
import { afterMove, FORWARD, type Move } from './phase.ts';
import type { Spec } from './spec.ts';
import type { Pause, State } from './state.ts';

/** What someone wants of a release. */
export type Command =
  | { readonly name: 'start' | 'schedule' | 'cancel' | 'resume' | 'promote' | 'promote_fully' | 'retry' }
  | { readonly name: 'pause'; readonly pause: Omit<Pause, 'sinceMs'> }
  /** Ends the pause of this id: it goes on when no other is left. */
  | { readonly name: 'lift'; readonly pause: string }
  | { readonly name: 'abort' | 'rollback'; readonly reason: string }
  | { readonly name: 'approve'; readonly by: string }
  | { readonly name: 'set_weight'; readonly by: string; readonly weightPer100k: number };

/** The release cannot do that now. The message says why, and what it can. */
export class WrongMoment extends Error {
  override readonly name = 'WrongMoment';
}

/** What a command leads to. */
export interface Obeyed extends Next {
  readonly command: Command;
}

/**
 * What a command makes of a release. Pure. What was done already is done again without effect.
 * @throws {WrongMoment}
 */
export function obey(spec: Spec, state: State, command: Command, facts: Facts): Obeyed {
  return { ...follow(spec, state, command, facts), command };
}

function follow(spec: Spec, state: State, command: Command, facts: Facts): Next {
  const { nowMs } = facts;
  switch (command.name) {
    case 'start':
    case 'schedule':
    case 'cancel':
      return moveBy(state, command.name, nowMs);
    case 'retry': {
      const retried = moveBy(state, 'retry', nowMs);
      return { ...retried, state: { ...retried.state, attempt: state.attempt + 1, stage: 0, setPer100k: 0 } };
    }
    case 'pause':
      return pause(state, { ...command.pause, sinceMs: nowMs });
    case 'lift':
      return lift(state, command.pause, nowMs);
    case 'resume':
      return resume(spec, state, facts);
    case 'abort':
      return abort(state, command.reason, nowMs);
    case 'rollback':
      return rollback(spec, state, command.reason, nowMs);
    case 'approve':
      return approve(spec, state, command.by);
    case 'promote':
      requireProgress(state, 'be promoted');
      return goOn(enterStage(spec, state, nowMs), 'Promoted by hand.');
    case 'promote_fully':
      requireProgress(state, 'be promoted');
      return goOn(move({ ...state, stage: spec.stages.length - 1 }, 'promote', nowMs, ''), 'Promoted fully, by hand.');
    case 'set_weight':
      return setWeight(state, command.by, command.weightPer100k, nowMs);
  }
}

function moveBy(state: State, name: Move & Command['name'], nowMs: number): Next {
  if (afterMove(state.phase, name) === undefined)
    throw new WrongMoment(`The release is ${words(state)}: it cannot ${name}.`);
  return move(state, name, nowMs, SAID[name] ?? '');
}

const SAID: Readonly<Partial<Record<Move, string>>> = {
  start: 'Started.',
  schedule: 'Scheduled.',
  cancel: 'Cancelled.',
  retry: 'Tried again, from the beginning.',
};

function pause(state: State, added: Pause): Next {
  requireForward(state, 'be paused');
  const isThere = state.pauses.some(({ id }) => id === added.id);
  if (isThere) return { state, waiting: [] };
  return {
    state: { ...state, pauses: [...state.pauses, added] },
    decision: `Paused by ${added.by}: ${added.reason}`,
    waiting: [],
  };
}

/** The soak goes on from where it stood. */
function lift(state: State, id: string, nowMs: number): Next {
  const left = state.pauses.filter((pause) => pause.id !== id);
  const by = state.pauses.find((pause) => pause.id === id)?.by;
  if (left.length === state.pauses.length) return { state, waiting: [] };
  const sinceMs = Math.min(...state.pauses.map((pause) => pause.sinceMs));
  const decision = `What ${by} paused it for has passed.`;
  const [first, ...others] = left;
  // The pauses that are left have the beginning of all: as long it has stood still.
  if (first !== undefined)
    return { state: { ...state, pauses: [{ ...first, sinceMs }, ...others] }, decision, waiting: [] };
  const enteredAtMs = state.enteredAtMs === undefined ? undefined : state.enteredAtMs + nowMs - sinceMs;
  return { state: { ...state, pauses: [], enteredAtMs }, decision, waiting: [] };
}

/** Ends all pauses. What someone else set meanwhile is taken over: the exposure is the release's again. */
function resume(spec: Spec, state: State, { flags, noGrowth, nowMs }: Facts): Next {
  requireForward(state, 'be resumed');
  if (state.pauses.length === 0 && state.manualPer100k === undefined) return { state, waiting: [] };
  const lost = flags.find(({ isGone, isEnabled }) => isGone || !isEnabled);
  if (lost !== undefined) {
    const what = lost.isGone ? 'Restore it (and its rule)' : 'Turn it on';
    throw new WrongMoment(`Flag "${lost.flag}" is not served. ${what} first, or abort the release.`);
  }
  const resumed: State = { ...state, pauses: [], manualPer100k: undefined };
  const desired = desiredPer100k(spec, resumed) ?? 0;
  const isSame = flags.every(({ weightPer100k }) => weightPer100k === desired);
  if (!isSame && noGrowth !== undefined) throw new WrongMoment(noGrowth);
  const pausedMs = nowMs - Math.min(nowMs, ...state.pauses.map(({ sinceMs }) => sinceMs));
  const enteredAtMs = isSame && state.enteredAtMs !== undefined ? state.enteredAtMs + pausedMs : undefined;
  return {
    state: { ...resumed, enteredAtMs, setPer100k: desired },
    ...(isSame ? {} : { setPer100k: desired }),
    decision: 'Resumed.',
    waiting: [],
  };
}

/** Of what has ended, has not begun, or is on its way back it changes nothing. */
function abort(state: State, reason: string, nowMs: number): Next {
  if (state.phase === 'draft' || state.phase === 'scheduled') return move(state, 'cancel', nowMs, reason);
  return state.phase === 'succeeded' ? { state, waiting: [] } : undo(state, nowMs, reason);
}

function rollback(spec: Spec, state: State, reason: string, nowMs: number): Next {
  if (state.phase !== 'succeeded') return abort(state, reason, nowMs);
  const untilMs = (state.endedAtMs ?? 0) + spec.rollbackWindowSeconds * 1000;
  if (nowMs > untilMs) {
    throw new WrongMoment('Its time for a rollback is over: release the former variant as a release of its own.');
  }
  return undo(state, nowMs, reason);
}

/** Before it starts it is the release as a whole that is approved; afterwards it is a stage. */
function approve(spec: Spec, state: State, by: string): Next {
  if (state.phase === 'draft' || state.phase === 'scheduled') {
    if (state.startApprovedBy.includes(by)) return { state, waiting: [] };
    const startApprovedBy = [...state.startApprovedBy, by];
    return { state: { ...state, startApprovedBy }, decision: 'The release is approved.', waiting: [] };
  }
  requireProgress(state, 'be approved');
  const wanted = spec.stages[state.stage]?.approvals ?? 0;
  if (wanted === 0) throw new WrongMoment(`Stage ${state.stage + 1} wants no approval.`);
  if (state.approvedBy.includes(by)) return { state, waiting: [] };
  const approvedBy = [...state.approvedBy, by];
  const decision = `Stage ${state.stage + 1} is approved by ${approvedBy.length} of ${wanted}.`;
  return { state: { ...state, approvedBy }, decision, waiting: [] };
}

function setWeight(state: State, by: string, weightPer100k: number, nowMs: number): Next {
  requireProgress(state, 'have its weight set');
  const reason = `The weight is set by hand: ${weightPer100k / 1000} %.`;
  const others = state.pauses.filter(({ id, cause }) => cause !== 'drift' && id !== `weight:${by}`);
  const pauses: Pause[] = [...others, { id: `weight:${by}`, cause: 'person', by, reason, sinceMs: nowMs }];
  return {
    state: { ...state, manualPer100k: weightPer100k, enteredAtMs: undefined, pauses },
    decision: reason,
    waiting: [],
  };
}

/** Goes on although it may be paused: whoever promotes knows. */
function goOn(after: Next, decision: string): Next {
  return { ...after, state: { ...after.state, pauses: [] }, decision };
}

function requireForward(state: State, what: string): void {
  if (!FORWARD.includes(state.phase)) throw new WrongMoment(`The release is ${words(state)}: it cannot ${what}.`);
}

function requireProgress(state: State, what: string): void {
  if (state.phase === 'progressing') return;
  throw new WrongMoment(`The release is ${words(state)}: only while it goes through its stages can it ${what}.`);
}

function words({ phase }: State): string {
  return phase.replace('_', ' ');
}
