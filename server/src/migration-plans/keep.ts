import { ALL_POWERS } from '../access/powers.ts';
import type { Caller } from '../audit/actor.ts';
import type { Draft } from '../changes/draft.ts';
import { ApiError } from '../http/api-error.ts';
import { stateOf, toColumns } from './plan.ts';
import { type PlacedPlan, savePlan } from './repository.ts';
import type { PlanState } from './state.ts';

/**
 * Keeps the state of a plan, with an audit event where something was decided.
 * @param decision in a sentence; undefined: it only went on
 * @throws {ApiError} `conflict` when someone else changed the plan meanwhile
 */
export async function keep(
  draft: Draft,
  plan: PlacedPlan,
  state: PlanState,
  decision: string | undefined,
): Promise<PlacedPlan> {
  const { project, environment, ...row } = plan;
  const kept = { ...row, ...toColumns(state), version: row.version + 1, updated_at: draft.atMs };
  if (!(await savePlan(draft.tx, kept))) {
    throw new ApiError('conflict', 'The plan has moved on meanwhile. Look at it again, then try again.');
  }
  const before = stateOf(row);
  const isStopped = state.failure !== undefined && before.failure === undefined;
  if (decision !== undefined) {
    await draft.audit({
      ...{ action: isStopped ? 'migration-plan.stopped' : 'migration-plan.moved', project, environment },
      target: targetOf(row.key),
      before: summaryOf(before),
      after: { decision, ...summaryOf(state) },
    });
  }
  return { ...kept, project, environment };
}

/** What a plan does was wanted, and allowed, by whoever sent it there. */
export function callerOf({ id, key }: PlacedPlan): Caller {
  const actor = { kind: 'system', id, name: `Migration plan "${key}"` } as const;
  return { actor, ...ALL_POWERS, comment: `Migration plan ${key}` };
}

export const targetOf = (key: string) => ({ kind: 'migration-plan', key });

function summaryOf({ phase, wanted, failure, pause }: PlanState) {
  return {
    ...{ phase, wanted },
    ...(failure === undefined ? {} : { problem: failure.reason }),
    ...(pause === undefined ? {} : { paused: pause.reason }),
  };
}
