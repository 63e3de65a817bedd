import { changesOf } from '../change-requests/change-request.ts';
import { environmentsOf, isFlagWide, type ProposedChange } from '../change-requests/content.ts';
import { findChangeRequest } from '../change-requests/repository.ts';
import { findEnvironments } from '../environments/repository.ts';
import { lastStop, presentStop, stoppedForMs } from '../line/line-stop.ts';
import type { ScheduleRow } from '../store/tables/change-requests.ts';
import type { Querier } from '../store/tables.ts';
import { changesAt, type Due, type Plan } from './plan.ts';

/** What a stopped line does to a schedule that is due. */
export interface LineWait {
  /** It waits until the line is resumed. */
  readonly isStopped: boolean;
  /** For how long it did since it was due: that does not make it late. */
  readonly waitedMs: number;
}

/** Where the line is stopped, changes wait; but for those that only turn flags off, which nothing keeps on. */
export async function findLineWait(
  db: Querier,
  { project_id }: Pick<ScheduleRow, 'project_id'>,
  plan: Plan,
  due: Due,
  nowMs: number,
): Promise<LineWait> {
  const changes = await findChanges(db, project_id, plan, due);
  const project = await db.selectFrom('projects').select('line').where('id', '=', project_id).executeTakeFirst();
  const changed = environmentsOf(changes);
  const isChanged = (key: string) => changed === undefined || changed.includes(key);
  const lines = (await findEnvironments(db, [project_id])).flatMap(({ key, line }) => (isChanged(key) ? line : []));
  const columns = [project?.line ?? null, ...lines];
  return {
    isStopped: columns.some((column) => presentStop(column) !== undefined) && !changes.every(turnsOff),
    waitedMs: Math.max(...columns.map((column) => stoppedForMs(lastStop(column), due.atMs, nowMs))),
  };
}

async function findChanges(db: Querier, projectId: string, plan: Plan, due: Due): Promise<readonly ProposedChange[]> {
  if (plan.kind !== 'request') return changesAt(plan, due);
  const request = await findChangeRequest(db, projectId, plan.changeRequest);
  return request === undefined ? [] : changesOf(request);
}

function turnsOff(change: ProposedChange): boolean {
  return !isFlagWide(change) && 'flag' in change && change.edits.every(({ kind }) => kind === 'disable');
}
