import type { ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { changesOf } from './change-request.ts';
import { Misfit, problemsOf } from './conflict.ts';
import { hashContent, type ProposedChange } from './content.ts';
import { type PlannedChange, planChanges } from './plan.ts';

/** What a request keeps of its changes and of what they are proposed on. @throws {Misfit} */
export async function propose(
  tx: DatabaseTransaction,
  project: string,
  changes: readonly ProposedChange[],
  nowMs: number,
) {
  const planned = await planChanges(tx, project, changes, nowMs);
  const problems = problemsOf(planned);
  if (problems.length > 0) throw new Misfit(problems, []);
  const bases = planned.map(({ subject, version }) => ({ ...subject, version }));
  return {
    content: JSON.stringify(changes),
    content_hash: hashContent(changes, outcomesOf(planned)),
    bases: JSON.stringify(bases),
    based_at: nowMs,
  };
}

/** Of what the changes would lead to on what is there now, at the time that they were proposed: ramps go on by themselves. */
export async function hashNow(tx: DatabaseTransaction, project: string, row: ChangeRequestRow): Promise<string> {
  const changes = changesOf(row);
  return hashContent(changes, outcomesOf(await planChanges(tx, project, changes, row.based_at)));
}

const outcomesOf = (planned: readonly PlannedChange[]) => planned.map(({ outcome }) => outcome);
