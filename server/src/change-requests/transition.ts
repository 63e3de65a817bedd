import type { AccessBook } from '../access/access-book.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { ApiError } from '../http/api-error.ts';
import type { ChangeRequestRow } from '../store/tables/change-requests.ts';
import { isEnough } from './approvals.ts';
import { type ChangeRequest, eventPlaceOf, stateOf, toChangeRequest, toFacts } from './change-request.ts';
import { countOpened, findOpened, type Opened, type RequestPlace } from './opened.ts';
import { updateChangeRequest } from './repository.ts';
import { type Action, nextState } from './state.ts';

/** Something that is done with a request and leads it to its next state. */
export interface Transition {
  readonly caller: Caller;
  readonly place: RequestPlace;
  readonly action: Exclude<Action, 'apply'>;
  /** Undefined: whatever version it is. */
  readonly ifVersion?: number | undefined;
  /** What it does. @returns the columns that it changes */
  readonly change?: (draft: Draft, opened: Opened) => Promise<Partial<ChangeRequestRow>>;
}

/** @throws {ApiError} `not_found`, `version_mismatch`, `wrong_state` */
export async function carryOut(
  { changes, book }: { readonly changes: Changes; readonly book: AccessBook },
  { caller, place, action, ifVersion, change }: Transition,
): Promise<ChangeRequest> {
  const { result } = await changes.commit(caller, async (draft) => {
    const opened = await openFor(draft, book, place, ifVersion);
    requireNext(opened, action);
    const columns = await change?.(draft, opened);
    const changed = { ...opened.row, ...columns, version: opened.row.version + 1, updated_at: draft.atMs };
    const counted = await countOpened(draft.tx, book, opened.project, changed);
    const row = { ...changed, state: requireNext({ ...counted, row: opened.row }, action) };
    await saveRequest(draft, place.project, action, opened.row, row);
    return { row, approvals: counted.approvals };
  });
  return toChangeRequest(result.row, result.approvals);
}

/** @throws {ApiError} `not_found`, `version_mismatch` */
export async function openFor(
  draft: Draft,
  book: AccessBook,
  place: RequestPlace,
  ifVersion?: number,
): Promise<Opened> {
  const opened = await findOpened(draft.tx, book, place);
  const { version } = opened.row;
  await refuseOutdated(draft.tx, ifVersion, { ...eventPlaceOf(place.project, opened.row), version });
  return opened;
}

/** @throws {ApiError} `wrong_state` */
export function requireNext({ row, approvals }: Pick<Opened, 'row' | 'approvals'>, action: Action): string {
  const next = nextState(stateOf(row), action, isEnough(approvals));
  if (next !== undefined) return next;
  const message = `The change request is ${row.state}: it cannot be ${PAST[action]} any more, or not yet.`;
  throw new ApiError('wrong_state', message, { state: row.state });
}

export async function saveRequest(
  draft: Draft,
  project: string,
  action: Action,
  before: ChangeRequestRow,
  after: ChangeRequestRow,
): Promise<void> {
  await updateChangeRequest(draft.tx, after);
  await draft.audit({
    action: `change-request.${PAST[action]}`,
    ...eventPlaceOf(project, after),
    before: toFacts(before),
    after: toFacts(after),
  });
}

/** What is said of an action that was done. */
const PAST: Readonly<Record<Action, string>> = {
  open: 'opened',
  edit: 'updated',
  approve: 'approved',
  reject: 'rejected',
  rebase: 'rebased',
  conflict: 'conflicted',
  apply: 'applied',
  cancel: 'cancelled',
};
