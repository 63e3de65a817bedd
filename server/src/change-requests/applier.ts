import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import type { Flags } from '../flags/service.ts';
import { ApiError } from '../http/api-error.ts';
import type { ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { Database } from '../store/tables.ts';
import { isEnough, lacksApproval } from './approvals.ts';
import { changesOf, toChangeRequest } from './change-request.ts';
import { type Base, findChanged, Misfit, problemsOf, refusalOf } from './conflict.ts';
import type { Subject } from './content.ts';
import { isArchiving, saveFlagWide } from './flag-wide.ts';
import { findOpened, type Opened, type RequestPlace } from './opened.ts';
import { requireAll } from './permissions.ts';
import { type PlannedChange, planChanges, savePlanned } from './plan.ts';
import { hashNow } from './proposal.ts';
import type { AppliedChangeRequest, ChangePreviewSchema } from './schemas.ts';
import { carryOut, openFor, requireNext, saveRequest } from './transition.ts';

export interface ApplierDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly migrations: MigrationGuard;
  readonly flags: Flags;
  readonly book: AccessBook;
}

/** Ends a transaction that only tries what would be. */
class Tried extends Error {}

/** Makes what change requests say: all of a request together, or nothing. */
export class Applier {
  readonly #dependencies: ApplierDependencies;

  constructor(dependencies: ApplierDependencies) {
    this.#dependencies = dependencies;
  }

  /** What it would do now: it is done, and taken back. */
  async preview(caller: Caller, place: RequestPlace): Promise<Static<typeof ChangePreviewSchema>> {
    const { changes, book } = this.#dependencies;
    let planned: PlannedChange[] = [];
    let contentHash = '';
    const trying = changes.commit(caller, async (draft) => {
      const { row } = await findOpened(draft.tx, book, place);
      contentHash = await hashNow(draft.tx, place.project, row);
      planned = await planChanges(draft.tx, place.project, changesOf(row), draft.atMs);
      await this.#savePlanned(draft, caller, place.project, planned);
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
    const { database, changes, book } = this.#dependencies;
    const { row: seen } = await findOpened(database, book, place);
    requireAll(caller, place.project, changesOf(seen));
    const comment = caller.comment ?? `Change request ${seen.id}: ${seen.title}`.slice(0, 1000);
    try {
      const { result, revisions } = await changes.commit({ ...caller, comment }, async (draft) => {
        const opened = await openFor(draft, book, place, ifVersion);
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
    const opened = await openFor(draft, this.#dependencies.book, place);
    if (opened.row.content_hash !== contentHash) {
      const message = 'The change request says something else now than when it was scheduled. Schedule it anew.';
      throw new ApiError('version_mismatch', message);
    }
    await this.#applyIn(draft, caller, opened);
  }

  async noteMisfit(caller: Caller, place: RequestPlace, misfit: Misfit): Promise<void> {
    const { database, book } = this.#dependencies;
    const { row } = await findOpened(database, book, place);
    await this.#markConflicted(caller, place, row, misfit);
  }

  async #applyIn(draft: Draft, caller: Caller, opened: Opened): Promise<Opened> {
    const { project, environments, row, approvals } = opened;
    const state = requireNext(opened, 'apply');
    const planned = await planChanges(draft.tx, project.key, changesOf(row), draft.atMs);
    const misfit = async () => {
      const problems = problemsOf(planned);
      const since = await findChanged(draft.tx, project.key, JSON.parse(row.bases) as Base[], planned);
      const said = problems.length > 0 ? problems : since.map(toProblem);
      return new Misfit(said, since);
    };
    const isAsProposed = (await hashNow(draft.tx, project.key, row)) === row.content_hash;
    const isApproved = isEnough(approvals);
    const wanted = approvals.filter(({ required }) => required > 0);
    if (problemsOf(planned).length > 0) throw await misfit();
    if (wanted.length > 0 && caller.breaksGlass !== true) {
      if (!isAsProposed) throw await misfit();
      if (!isApproved) throw lacksApproval(wanted);
    }
    if (isApproved && isAsProposed) for (const { id } of environments) draft.approve(id);
    await this.#savePlanned(draft, caller, project.key, planned);
    const refusal = refusalOf(planned);
    if (refusal !== undefined) throw refusal;
    if (problemsOf(planned).length > 0) throw await misfit();
    const after = { ...row, state, version: row.version + 1, updated_at: draft.atMs };
    await saveRequest(draft, project.key, 'apply', row, after);
    return { ...opened, row: after };
  }

  async #savePlanned(draft: Draft, caller: Caller, project: string, planned: readonly PlannedChange[]): Promise<void> {
    const { migrations, flags } = this.#dependencies;
    const isBefore = (change: PlannedChange) => !isArchiving(change);
    await saveFlagWide(draft, flags, caller, project, planned.filter(isBefore));
    await savePlanned(draft, migrations, project, planned);
    await saveFlagWide(draft, flags, caller, project, planned.filter(isArchiving));
  }

  /** So that everyone sees that it does not go as it is. Whoever has changed it meanwhile knows more. */
  async #markConflicted(caller: Caller, place: RequestPlace, seen: ChangeRequestRow, misfit: Misfit): Promise<void> {
    const reason = misfit.message.slice(0, 1000);
    const conflict = { caller, place, action: 'conflict', ifVersion: seen.version } as const;
    await carryOut(this.#dependencies, { ...conflict, change: async () => ({ reason }) }).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
    });
  }
}

function toProblem({ kind, key, environment }: Subject) {
  return {
    path: `${environment ?? 'everywhere'}.${kind}.${key}`,
    message: 'was changed since the request was proposed',
  };
}
