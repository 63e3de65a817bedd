import { actionsOf } from './actions.ts';
import type { Definition } from './definition.ts';
import { NotAllowed } from './machine.ts';
import type { PlanState } from './state.ts';

/**
 * The state under another definition: what is done of a move stays done where it is the same as before, from what differs on
 * it is done anew.
 * @throws {NotAllowed} while something is being done
 */
export function patchState(before: Definition, after: Definition, state: PlanState, nowMs: number): PlanState {
  const { move, failure, pause, phase } = state;
  const hasOther = (name: 'flag' | 'replication') => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  if ((hasOther('flag') || hasOther('replication')) && (phase !== 'baseline' || move !== undefined)) {
    throw new NotAllowed('Its flag and replication can be changed in baseline only: go back there first.');
  }
  if (move === undefined) return state;
  if (failure === undefined && pause === undefined) throw new NotAllowed('The plan is on its way: pause it first.');
  const [was, is] = [actionsOf(before, move), actionsOf(after, move)];
  const same = was.findIndex((action, at) => JSON.stringify(action) !== JSON.stringify(is[at]));
  const done = Math.min(move.done, same === -1 ? was.length : same);
  return { ...state, move: { ...move, done, tries: 0, sinceMs: nowMs, attempt: move.attempt + 1 } };
}
