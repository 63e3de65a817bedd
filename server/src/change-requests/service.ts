import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type {
  ChangeRequestRow,
  Database,
  DatabaseTransaction,
  EnvironmentRow,
  ProjectRow,
  Querier,
} from '../store/tables.ts';
import { type ApprovalCount, countApprovals, isEnough, lacksApproval } from './approvals.ts';
import {
  authorsOf,
  type ChangeRequest,
  type ChangeRequestEntry,
  changesOf,
  eventPlaceOf,
  stateOf,
  toChangeRequest,
  toEntry,
  toFacts,
} from './change-request.ts';
import { type Base, findChanged, Misfit, problemsOf, refusalOf } from './conflict.ts';
import { type Change, hashContent, refuseDoubles, type Subject } from './content.ts';
import { requireAll, requireApprover, requireReviewer } from './permissions.ts';
import { type PlannedChange, planChanges, savePlanned } from './plan.ts';
import {
  findApprovals,
  findChangeRequest,
  findChangeRequests,
  findEntries,
  insertChangeRequest,
  insertEntry,
  updateChangeRequest,
  voidApprovals,
} from './repository.ts';
import type {
  AppliedChangeRequest,
  ChangePreviewSchema,
  ChangeRequestInput,
  ChangeRequestPatch,
  ChangeRequestQuery,
} from './schemas.ts';
import { type Action, nextState } from './state.ts';

export interface ChangeRequestsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly migrations: MigrationGuard;
  readonly book: AccessBook;
}

export interface RequestPlace {
  readonly project: string;
  readonly request: string;
}

/** A request with all that is looked at when something is done with it. */
interface Opened {
  readonly project: ProjectRow;
  readonly environments: readonly EnvironmentRow[];
  readonly row: ChangeRequestRow;
  readonly approvals: readonly ApprovalCount[];
}

/** Ends a transaction that only tries what would be. */
class Tried extends Error {}

/** Changes that people talk about, approve, and then make: all of a request together, or nothing. */
export class ChangeRequests {
  readonly #dependencies: ChangeRequestsDependencies;

  constructor(dependencies: ChangeRequestsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Newest first. */
  async list(
    projectKey: string,
    { state, cursor, limit = DEFAULT_LIMIT }: Static<typeof ChangeRequestQuery>,
  ): Promise<Page<ChangeRequest>> {
    const { database, book } = this.#dependencies;
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const project = await requireProject(database, projectKey);
    const rows = await findChangeRequests(database, project.id, { state, beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, ({ id }) => [id]);
    const environments = await findEnvironments(database, [project.id]);
    const ids = page.items.map(({ id }) => id);
    const approvals = await findApprovals(database, ids);
    const items = page.items.map((row) =>
      toChangeRequest(row, countApprovals(book, projectKey, row, environments, approvals)),
    );
    return { ...page, items };
  }

  async get(place: RequestPlace): Promise<ChangeRequest> {
    const { row, approvals } = await this.#find(this.#dependencies.database, place);
    return toChangeRequest(row, approvals);
  }

  /** Proposes changes. They must go with what is there now. */
  async create(
    caller: Caller,
    projectKey: string,
    { title, description = '', changes, draft: isDraft = false }: Static<typeof ChangeRequestInput>,
  ): Promise<ChangeRequest> {
    requirePermission(caller, 'flag:read', { project: projectKey });
    refuseDoubles(changes);
    const { actor } = caller;
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const project = await requireProject(draft.tx, projectKey);
      const row: ChangeRequestRow = {
        id: newId(draft.atMs),
        project_id: project.id,
        title,
        description,
        ...(await this.#propose(draft, projectKey, changes)),
        authors: JSON.stringify([actor.id]),
        created_by: JSON.stringify(actor),
        state: 'draft',
        reason: null,
        version: 1,
        created_at: draft.atMs,
        updated_at: draft.atMs,
      };
      await insertChangeRequest(draft.tx, row);
      const opened = await this.#count(draft.tx, project, row);
      const first = { ...row, state: isDraft ? row.state : this.#next(opened, 'open') };
      await updateChangeRequest(draft.tx, first);
      await draft.audit({
        action: 'change-request.created',
        ...eventPlaceOf(projectKey, first),
        after: toFacts(first),
      });
      return { row: first, approvals: opened.approvals };
    });
    return toChangeRequest(result.row, result.approvals);
  }

  /** Other changes void what was approved, and make whoever writes them one of the authors. */
  async update(
    caller: Caller,
    place: RequestPlace,
    { title, description, changes }: Static<typeof ChangeRequestPatch>,
    ifVersion?: number,
  ): Promise<ChangeRequest> {
    if (changes !== undefined) refuseDoubles(changes);
    return this.#act(caller, place, 'edit', ifVersion, async (draft, { row }) => ({
      title: title ?? row.title,
      description: description ?? row.description,
      ...(changes === undefined
        ? {}
        : {
            ...(await this.#propose(draft, place.project, changes)),
            authors: JSON.stringify([...new Set([...authorsOf(row), caller.actor.id])]),
          }),
      reason: null,
    }));
  }

  /** Asks others to approve a draft. */
  open(caller: Caller, place: RequestPlace): Promise<ChangeRequest> {
    return this.#act(caller, place, 'open', undefined, async () => ({}));
  }

  /** Takes the same changes anew on what is there now. Approvals stay only when they lead to the same. */
  rebase(caller: Caller, place: RequestPlace): Promise<ChangeRequest> {
    return this.#act(caller, place, 'rebase', undefined, async (draft, { row }) => ({
      ...(await this.#propose(draft, place.project, changesOf(row))),
      reason: null,
    }));
  }

  /**
   * Approves exactly what the caller has read.
   * @throws {ApiError} `forbidden` for who wrote any of it, and for programs
   */
  approve(caller: Caller, place: RequestPlace, contentHash: string, body = ''): Promise<ChangeRequest> {
    return this.#act(caller, place, 'approve', undefined, async (draft, { row }) => {
      requireReviewer(caller, place.project, row);
      if (contentHash !== row.content_hash) {
        const message = 'The request says something else now than what you read. Read it again, then approve it.';
        throw new ApiError('version_mismatch', message, { contentHash: row.content_hash, version: row.version });
      }
      await this.#say(draft, caller, row, 'approval', body);
      return {};
    });
  }

  /** Says no. Earlier approvals end with it. */
  reject(caller: Caller, place: RequestPlace, reason: string): Promise<ChangeRequest> {
    return this.#act(caller, place, 'reject', undefined, async (draft, { row }) => {
      requireReviewer(caller, place.project, row);
      await this.#say(draft, caller, row, 'rejection', reason);
      await voidApprovals(draft.tx, row.id);
      return { reason };
    });
  }

  /** By who wrote it, or who may approve it. */
  cancel(caller: Caller, place: RequestPlace): Promise<ChangeRequest> {
    return this.#act(caller, place, 'cancel', undefined, async (_, { row }) => {
      if (!authorsOf(row).includes(caller.actor.id)) requireApprover(caller, place.project, row);
      return {};
    });
  }

  async listEntries(
    place: RequestPlace,
    { cursor, limit = DEFAULT_LIMIT }: PageRequest,
  ): Promise<Page<ChangeRequestEntry>> {
    const { database } = this.#dependencies;
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const { row } = await this.#find(database, place);
    const page = toPage(await findEntries(database, row.id, { afterId, limit: limit + 1 }), limit, ({ id }) => [id]);
    return { ...page, items: page.items.map((entry) => toEntry(entry, row.content_hash)) };
  }

  async comment(caller: Caller, place: RequestPlace, body: string): Promise<ChangeRequestEntry> {
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const { row } = await this.#find(draft.tx, place);
      const entry = await this.#say(draft, caller, row, 'comment', body);
      await draft.audit({
        action: 'change-request.commented',
        ...eventPlaceOf(place.project, row),
        after: { body, version: row.version },
      });
      return toEntry(entry, row.content_hash);
    });
    return result;
  }

  /** What it would do now: it is done, and taken back. */
  async preview(caller: Caller, place: RequestPlace): Promise<Static<typeof ChangePreviewSchema>> {
    const { changes, migrations } = this.#dependencies;
    let planned: PlannedChange[] = [];
    let contentHash = '';
    const trying = changes.commit(caller, async (draft) => {
      const { row } = await this.#find(draft.tx, place);
      contentHash = await this.#hashNow(draft.tx, place.project, row);
      planned = await planChanges(draft.tx, place.project, changesOf(row), draft.atMs);
      await savePlanned(draft, migrations, place.project, planned);
      throw new Tried();
    });
    await trying.catch((error: unknown) => {
      if (!(error instanceof Tried)) throw error;
    });
    return {
      isApplicable: problemsOf(planned).length === 0,
      contentHash,
      changes: planned.map(({ subject, version = null, sentences, notes }) => ({
        ...subject,
        version,
        sentences: [...sentences],
        findings: notes.map(({ severity, path, message }) => ({ severity, path, message })),
      })),
    };
  }

  /**
   * Makes the changes, as one revision of each environment. Approval adds no permission: it takes those that making the
   * changes directly would take. What does not go with what is there any more makes the request conflicted.
   * @throws {ApiError} `change_conflict`, `approval_required`, `wrong_state`, or what the changes are refused with
   */
  async apply(caller: Caller, place: RequestPlace, ifVersion?: number): Promise<Static<typeof AppliedChangeRequest>> {
    const { database, changes } = this.#dependencies;
    const { row: seen } = await this.#find(database, place);
    requireAll(caller, place.project, changesOf(seen));
    const comment = caller.comment ?? `Change request ${seen.id}: ${seen.title}`.slice(0, 1000);
    try {
      const { result, revisions } = await changes.commit({ ...caller, comment }, async (draft) => {
        const opened = await this.#openFor(draft, place, ifVersion);
        requireAll(caller, place.project, changesOf(opened.row));
        return this.#applyIn(draft, caller, opened);
      });
      const made = result.environments.flatMap(({ id, key }) => {
        const commit = revisions.get(id);
        return commit === undefined ? [] : [[key, commit.revision] as const];
      });
      return { request: toChangeRequest(result.row, result.approvals), revisions: Object.fromEntries(made) };
    } catch (error) {
      if (error instanceof Misfit) await this.#markConflicted(caller, place, seen, error);
      throw error;
    }
  }

  /**
   * Applies a request inside a draft, for a schedule.
   * @param contentHash of the request when it was scheduled: who writes something else since has nobody's permission
   * @throws {ApiError} as `apply`; tell `noteMisfit` of a `Misfit`
   */
  async applyIn(draft: Draft, caller: Caller, place: RequestPlace, contentHash: string): Promise<void> {
    const opened = await this.#openFor(draft, place, undefined);
    if (opened.row.content_hash !== contentHash) {
      const message = 'The change request says something else now than when it was scheduled. Schedule it anew.';
      throw new ApiError('version_mismatch', message);
    }
    await this.#applyIn(draft, caller, opened);
  }

  async noteMisfit(caller: Caller, place: RequestPlace, misfit: Misfit): Promise<void> {
    const { row } = await this.#find(this.#dependencies.database, place);
    await this.#markConflicted(caller, place, row, misfit);
  }

  async #applyIn(draft: Draft, caller: Caller, opened: Opened): Promise<Opened> {
    const { migrations } = this.#dependencies;
    const { project, environments, row, approvals } = opened;
    const state = this.#next(opened, 'apply');
    const planned = await planChanges(draft.tx, project.key, changesOf(row), draft.atMs);
    const misfit = async () => {
      const problems = problemsOf(planned);
      const since = await findChanged(draft.tx, project.key, JSON.parse(row.bases) as Base[], planned);
      const said = problems.length > 0 ? problems : since.map(toProblem);
      return new Misfit(said, since);
    };
    const isAsProposed = (await this.#hashNow(draft.tx, project.key, row)) === row.content_hash;
    const isApproved = isEnough(approvals);
    const wanted = approvals.filter(({ required }) => required > 0);
    if (problemsOf(planned).length > 0) throw await misfit();
    if (wanted.length > 0 && caller.breaksGlass !== true) {
      if (!isAsProposed) throw await misfit();
      if (!isApproved) throw lacksApproval(wanted);
    }
    if (isApproved && isAsProposed) for (const { id } of environments) draft.approve(id);
    await savePlanned(draft, migrations, project.key, planned);
    const refusal = refusalOf(planned);
    if (refusal !== undefined) throw refusal;
    if (problemsOf(planned).length > 0) throw await misfit();
    const after = { ...row, state, version: row.version + 1, updated_at: draft.atMs };
    await this.#save(draft, project.key, 'change-request.applied', row, after);
    return { ...opened, row: after };
  }

  /** So that everyone sees that it does not go as it is. Whoever has changed it meanwhile knows more. */
  async #markConflicted(caller: Caller, place: RequestPlace, seen: ChangeRequestRow, misfit: Misfit): Promise<void> {
    const reason = misfit.message.slice(0, 1000);
    await this.#act(caller, place, 'conflict', seen.version, async () => ({ reason })).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
    });
  }

  /** Does something with a request that leads it to its next state. */
  async #act(
    caller: Caller,
    place: RequestPlace,
    action: Exclude<Action, 'apply'>,
    ifVersion: number | undefined,
    change: (draft: Draft, opened: Opened) => Promise<Partial<ChangeRequestRow>>,
  ): Promise<ChangeRequest> {
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const opened = await this.#openFor(draft, place, ifVersion);
      this.#next(opened, action);
      const columns = await change(draft, opened);
      const changed = { ...opened.row, ...columns, version: opened.row.version + 1, updated_at: draft.atMs };
      const counted = await this.#count(draft.tx, opened.project, changed);
      const row = { ...changed, state: this.#next({ ...counted, row: opened.row }, action) };
      await this.#save(draft, place.project, `change-request.${PAST[action]}`, opened.row, row);
      return { row, approvals: counted.approvals };
    });
    return toChangeRequest(result.row, result.approvals);
  }

  /** @throws {ApiError} `wrong_state` */
  #next({ row, approvals }: Pick<Opened, 'row' | 'approvals'>, action: Action): string {
    const next = nextState(stateOf(row), action, isEnough(approvals));
    if (next !== undefined) return next;
    const message = `The change request is ${row.state}: it cannot be ${PAST[action]} any more, or not yet.`;
    throw new ApiError('wrong_state', message, { state: row.state });
  }

  async #save(draft: Draft, project: string, action: string, before: ChangeRequestRow, after: ChangeRequestRow) {
    await updateChangeRequest(draft.tx, after);
    await draft.audit({ action, ...eventPlaceOf(project, after), before: toFacts(before), after: toFacts(after) });
  }

  async #say(draft: Draft, { actor }: Caller, row: ChangeRequestRow, kind: ChangeRequestEntry['kind'], body: string) {
    const entry = {
      id: newId(draft.atMs),
      request_id: row.id,
      kind,
      actor: JSON.stringify(actor),
      content_hash: row.content_hash,
      body,
      created_at: draft.atMs,
    };
    await insertEntry(draft.tx, entry);
    return entry;
  }

  /** What a request keeps of its changes and of what they are proposed on. @throws {Misfit} */
  async #propose(draft: Draft, project: string, changes: readonly Change[]) {
    const planned = await planChanges(draft.tx, project, changes, draft.atMs);
    const problems = problemsOf(planned);
    if (problems.length > 0) throw new Misfit(problems, []);
    const bases = planned.map(({ subject, version }) => ({ ...subject, version }));
    const outcomes = planned.map(({ outcome }) => outcome);
    return {
      content: JSON.stringify(changes),
      content_hash: hashContent(changes, outcomes),
      bases: JSON.stringify(bases),
      based_at: draft.atMs,
    };
  }

  /** Of what the changes would lead to on what is there now, at the time that they were proposed: ramps go on by themselves. */
  async #hashNow(tx: DatabaseTransaction, project: string, row: ChangeRequestRow): Promise<string> {
    const planned = await planChanges(tx, project, changesOf(row), row.based_at);
    return hashContent(
      changesOf(row),
      planned.map(({ outcome }) => outcome),
    );
  }

  async #openFor(draft: Draft, place: RequestPlace, ifVersion: number | undefined): Promise<Opened> {
    const opened = await this.#find(draft.tx, place);
    const { version } = opened.row;
    await refuseOutdated(draft.tx, ifVersion, { ...eventPlaceOf(place.project, opened.row), version });
    return opened;
  }

  /** @throws {ApiError} `not_found` */
  async #find(db: Querier, { project: projectKey, request: id }: RequestPlace): Promise<Opened> {
    const project = await requireProject(db, projectKey);
    const row = await findChangeRequest(db, project.id, id);
    if (row === undefined) throw notFound(`change request "${id}" in project "${projectKey}"`);
    return this.#count(db, project, row);
  }

  async #count(db: Querier, project: ProjectRow, row: ChangeRequestRow): Promise<Opened> {
    const environments = await findEnvironments(db, [project.id]);
    const approvals = await findApprovals(db, [row.id]);
    const counts = countApprovals(this.#dependencies.book, project.key, row, environments, approvals);
    return { project, environments, row, approvals: counts };
  }
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

function toProblem({ kind, key, environment }: Subject) {
  return { path: `${environment}.${kind}.${key}`, message: 'was changed since the request was proposed' };
}
