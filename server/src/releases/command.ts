import { findChanged } from './agreement.ts';
import { desiredExposure, percent } from './exposure.ts';
import type { Facts } from './facts.ts';
import { enterStage } from './machine.ts';
import { isSent } from './move-exposure.ts';
import { move, type Next, undo } from './next.ts';
import { afterMove, BACKWARD, BEFORE_START, FORWARD, type Move } from './phase.ts';
import type { Spec } from './spec.ts';
import type { ManualShares, Pause, State } from './state.ts';
import { findStandstill } from './way-back.ts';

/** What someone wants of a release. */
export type Command =
  | { readonly name: 'cancel' | 'resume' | 'promote' | 'promote_fully' | 'unblock' | 'accept' }
  /** `isUnapproved`: without the approvals that are required, by who may. */
  | { readonly name: 'schedule'; readonly isUnapproved?: boolean }
  /** `takesOver`: what the releases before it on its targets have out, which are superseded. */
  | { readonly name: 'start'; readonly takesOver?: boolean }
  /** Index of the stage to begin with. */
  | { readonly name: 'retry'; readonly stage?: number }
  | { readonly name: 'supersede'; readonly by: string }
  | { readonly name: 'pause'; readonly pause: Omit<Pause, 'sinceMs'> }
  /** Ends the pause of this id: it goes on when no other is left. */
  | { readonly name: 'lift'; readonly pause: string }
  | { readonly name: 'abort'; readonly reason: string }
  | { readonly name: 'rollback'; readonly reason: string; readonly gradual?: Gradual }
  | { readonly name: 'approve'; readonly by: string }
  /** Its spec is replaced with it. */
  | { readonly name: 'edit'; readonly by: string }
  | ({ readonly name: 'set_weight'; readonly by: string } & ManualShares);

/** Equal steps of a way back. */
interface Gradual {
  /** From 2. */
  readonly steps: number;
  readonly everySeconds: number;
}

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
    case 'start': {
      const started = moveBy(state, 'start', nowMs);
      return command.takesOver === true ? { ...started, state: { ...started.state, takesOver: true } } : started;
    }
    case 'schedule':
      return schedule(spec, state, command.isUnapproved, facts);
    case 'cancel':
    case 'unblock':
      return moveBy(state, command.name, nowMs);
    case 'accept':
      return accept(spec, state, facts);
    case 'supersede':
      return { ...moveBy(state, 'supersede', nowMs), decision: `${command.by} takes its place; what is out stays.` };
    case 'retry':
      return retry(spec, state, command.stage ?? 0, nowMs);
    case 'pause':
      return pause(state, { ...command.pause, sinceMs: nowMs });
    case 'lift':
      return lift(state, command.pause, nowMs);
    case 'resume':
      return resume(spec, state, facts);
    case 'abort':
      return abort(state, command.reason, nowMs);
    case 'rollback':
      return rollback(spec, state, command.reason, command.gradual, facts);
    case 'approve':
      return approve(spec, state, command.by, facts);
    case 'edit':
      return edit(state, command.by);
    case 'promote':
      requireProgress(state, 'be promoted');
      return goOn(enterStage(spec, state, nowMs), `Promoted by hand${skippedOf(spec, state, state.stage, facts)}.`);
    case 'promote_fully': {
      requireProgress(state, 'be promoted');
      const last = spec.stages.length - 1;
      const decision = `Promoted fully, by hand${skippedOf(spec, state, last, facts)}.`;
      return goOn(move({ ...state, stage: last, reached: last }, 'promote', nowMs, ''), decision);
    }
    case 'set_weight':
      return setWeight(spec, state, command, nowMs);
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
  unblock: 'Tries its way back again.',
  accept: 'What is out stays, by decision of a person.',
};

/** What it leads to is agreed on now: what is changed until then must be approved anew. */
function schedule(spec: Spec, state: State, isUnapproved: boolean | undefined, { nowMs, leads }: Facts): Next {
  const scheduled = moveBy(state, 'schedule', nowMs);
  const startApprovedBy = findChanged(spec, state, leads) === undefined ? state.startApprovedBy : [];
  return { ...scheduled, state: { ...scheduled.state, startApprovedBy, agreed: leads, isUnapproved } };
}

/** For good: whoever accepts what is out looks after it. On the way back only what does not go on by itself is accepted. */
function accept(spec: Spec, state: State, facts: Facts): Next {
  const accepted = moveBy(state, 'accept', facts.nowMs);
  if (!BACKWARD.includes(state.phase)) return accepted;
  const why = findStandstill(spec, state, facts);
  if (why === undefined) {
    throw new WrongMoment(`The release is ${words(state)}, and nothing keeps it from that: wait for its end.`);
  }
  return { ...accepted, decision: `${accepted.decision} ${why}` };
}

/** A new attempt, with new evidence. */
function retry(spec: Spec, state: State, stage: number, nowMs: number): Next {
  const retried = moveBy(state, 'retry', nowMs);
  if (stage > state.reached || stage >= spec.stages.length) {
    throw new WrongMoment(`It never came to stage ${stage + 1}: begin with stage ${state.reached + 1} at most.`);
  }
  const decision = stage === 0 ? 'Tried again, from the beginning.' : `Tried again, from stage ${stage + 1}.`;
  return {
    ...retried,
    state: { ...retried.state, attempt: state.attempt + 1, stage, set: undefined, takesOver: undefined },
    decision,
  };
}

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
  return { state: shift({ ...state, pauses: [] }, nowMs - sinceMs), decision, waiting: [] };
}

/** What was paused for so long has so much time more. */
function shift(state: State, pausedMs: number): State {
  const { enteredAtMs, sinceMs } = state;
  return {
    ...state,
    enteredAtMs: enteredAtMs === undefined ? undefined : enteredAtMs + pausedMs,
    sinceMs: sinceMs === undefined ? undefined : sinceMs + pausedMs,
  };
}

/** Ends all pauses. What someone else set meanwhile is taken over: the exposure is the release's again. */
function resume(spec: Spec, state: State, facts: Facts): Next {
  requireForward(state, 'be resumed');
  if (state.pauses.length === 0 && state.manual === undefined) return { state, waiting: [] };
  const { flags, noGrowth, nowMs } = facts;
  const lost = flags.find(({ isGone, isEnabled }) => isGone || !isEnabled);
  if (lost !== undefined) {
    const what = lost.isGone ? 'Restore it (and its rule)' : 'Turn it on';
    throw new WrongMoment(`Flag "${lost.flag}" is not served. ${what} first, or abort the release.`);
  }
  const desired = desiredExposure(spec, { ...state, manual: undefined }) ?? { flagsPer100k: 0 };
  // What is to grow beyond what was set last waits for its turn, after traffic.
  const flagsPer100k = Math.min(desired.flagsPer100k, state.set?.flagsPer100k ?? 0);
  const isSame = flags.every(({ weightPer100k }) => weightPer100k === flagsPer100k);
  if (!isSame && noGrowth !== undefined) throw new WrongMoment(noGrowth);
  const isSettled = isSame && (spec.traffic === undefined || isSent(desired, facts)) && state.manual === undefined;
  const resumed = shift(
    { ...state, pauses: [], manual: undefined, overruled: [...state.overruled, ...overruledBy(state)] },
    nowMs - Math.min(nowMs, ...state.pauses.map(({ sinceMs }) => sinceMs)),
  );
  return {
    state: {
      ...resumed,
      enteredAtMs: isSettled ? resumed.enteredAtMs : undefined,
      set: { ...(state.set ?? desired), flagsPer100k },
    },
    ...(isSame ? {} : { setFlagsPer100k: flagsPer100k }),
    decision: 'Resumed.',
    waiting: [],
  };
}

/** Who resumes what a gate or blame has paused has seen why. */
function overruledBy({ pauses }: State): string[] {
  return pauses.filter(({ cause }) => cause === 'gate' || cause === 'blame').map(({ id }) => id);
}

/** Of what has ended, has not begun, or is on its way back it changes nothing, but that it goes at once. */
function abort(state: State, reason: string, nowMs: number): Next {
  if (state.phase === 'draft' || state.phase === 'scheduled') return move(state, 'cancel', nowMs, reason);
  if (BACKWARD.includes(state.phase) && state.back !== undefined) {
    return { state: { ...state, back: undefined }, decision: `Back at once: ${reason}`, waiting: [] };
  }
  return state.phase === 'succeeded' ? { state, waiting: [] } : undo(state, nowMs, reason);
}

function rollback(spec: Spec, state: State, reason: string, gradual: Gradual | undefined, facts: Facts): Next {
  const { nowMs, newer } = facts;
  if (gradual === undefined && state.phase !== 'succeeded') return abort(state, reason, nowMs);
  if (state.phase === 'succeeded') {
    const untilMs = (state.endedAtMs ?? 0) + spec.rollbackWindowSeconds * 1000;
    if (nowMs > untilMs) {
      throw new WrongMoment('Its time for a rollback is over: release the former variant as a release of its own.');
    }
    if (newer !== undefined) {
      throw new WrongMoment(`Release "${newer}" came later to what it moved: roll that one back, or make a release.`);
    }
  }
  const returning = undo(state, nowMs, reason);
  if (gradual === undefined || returning.decision === undefined) return returning;
  const from = (spec.traffic === undefined ? state.set?.flagsPer100k : state.set?.trafficPer100k) ?? 0;
  return { ...returning, state: { ...returning.state, back: { ...gradual, from, step: 1 } } };
}

/** Before it starts it is the release as a whole that is approved, with what it leads to; afterwards it is a stage. */
function approve(spec: Spec, state: State, by: string, { leads }: Facts): Next {
  if (BEFORE_START.includes(state.phase)) {
    const changed = findChanged(spec, state, leads);
    const others = changed === undefined ? state.startApprovedBy : [];
    if (others.includes(by)) return { state, waiting: [] };
    const isAnew = changed !== undefined && state.startApprovedBy.length > 0;
    return {
      state: {
        ...{ ...state, startApprovedBy: [...others, by], agreed: leads },
        isUnapproved: changed === undefined ? state.isUnapproved : undefined,
      },
      decision: isAnew
        ? `The release is approved anew: ${changed} was changed after others had approved it.`
        : 'The release is approved.',
      waiting: [],
    };
  }
  requireProgress(state, 'be approved');
  const wanted = spec.stages[state.stage]?.approvals ?? 0;
  if (wanted === 0) throw new WrongMoment(`Stage ${state.stage + 1} wants no approval.`);
  if (state.approvedBy.includes(by)) return { state, waiting: [] };
  const approvedBy = [...state.approvedBy, by];
  const decision = `Stage ${state.stage + 1} is approved by ${approvedBy.length} of ${wanted}.`;
  return { state: { ...state, approvedBy }, decision, waiting: [] };
}

/** What others approved was something else, and whoever made it what it is does not approve it. */
function edit(state: State, by: string): Next {
  if (state.phase !== 'draft') {
    throw new WrongMoment(`The release is ${words(state)}: only a draft is edited. Make another one like it.`);
  }
  const { editedBy = [], startApprovedBy } = state;
  return {
    state: {
      ...state,
      editedBy: editedBy.includes(by) ? editedBy : [...editedBy, by],
      ...{ startApprovedBy: [], agreed: undefined, isUnapproved: undefined },
    },
    decision: startApprovedBy.length === 0 ? 'Edited.' : 'Edited: what others have approved is void.',
    waiting: [],
  };
}

function setWeight(spec: Spec, state: State, { by, ...given }: { by: string } & ManualShares, nowMs: number): Next {
  requireProgress(state, 'have its weight set');
  const { flagsPer100k, trafficPer100k } = given;
  if (flagsPer100k !== undefined && spec.flags.length === 0)
    throw new WrongMoment('The release has no flags to weigh.');
  if (trafficPer100k !== undefined && spec.traffic === undefined) throw new WrongMoment('The release has no traffic.');
  const manual: ManualShares = {
    ...state.manual,
    ...(flagsPer100k === undefined ? {} : { flagsPer100k }),
    ...(trafficPer100k === undefined ? {} : { trafficPer100k }),
  };
  const desired = desiredExposure(spec, { ...state, manual });
  if (desired?.trafficPer100k !== undefined && desired.flagsPer100k > desired.trafficPer100k) {
    throw new WrongMoment(
      `Flags at ${percent(desired.flagsPer100k)} need as much traffic (${percent(desired.trafficPer100k)}): only the ` +
        'candidate version knows what they turn on. Set both.',
    );
  }
  const shares = [
    ...(flagsPer100k === undefined ? [] : [percent(flagsPer100k)]),
    ...(trafficPer100k === undefined ? [] : [`traffic ${percent(trafficPer100k)}`]),
  ];
  const reason = `The weight is set by hand: ${shares.join(', ')}.`;
  const others = state.pauses.filter(({ id, cause }) => cause !== 'drift' && id !== `weight:${by}`);
  const pauses: Pause[] = [...others, { id: `weight:${by}`, cause: 'person', by, reason, sinceMs: nowMs }];
  return { state: { ...state, manual, enteredAtMs: undefined, pauses }, decision: reason, waiting: [] };
}

/**
 * What a person goes over, for the record: the gates of the present stage that have not passed, and of later ones, and
 * approvals that are missing.
 */
function skippedOf(spec: Spec, { stage: present, approvedBy }: State, last: number, { gates }: Facts): string {
  const passed = (name: string) =>
    gates?.some(({ gate, verdict }) => gate === name && verdict === 'successful') === true;
  const skipped = spec.stages.flatMap(({ gates: own = [], approvals = 0 }, at) => {
    if (at < present || at > last) return [];
    const open = own.filter(({ name }) => at > present || !passed(name)).map(({ name }) => `gate "${name}"`);
    const missing = approvals - (at === present ? approvedBy.length : 0);
    const unapproved = missing > 0 ? [`${missing} missing approval${missing === 1 ? '' : 's'}`] : [];
    return [...open, ...unapproved].map((what) => `${what} of stage ${at + 1}`);
  });
  return skipped.length === 0 ? '' : `, over ${skipped.join(', ')}`;
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
