import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { ChangeRequestRow } from '../store/tables/change-requests.ts';
import type { Database } from '../store/tables.ts';
import { countApprovals } from './approvals.ts';
import { authorsOf, type ChangeRequest, changesOf, eventPlaceOf, toChangeRequest, toFacts } from './change-request.ts';
import { refuseDoubles } from './content.ts';
import { countOpened, findOpened, type RequestPlace } from './opened.ts';
import { requireApprover } from './permissions.ts';
import { propose } from './proposal.ts';
import { findApprovals, findChangeRequests, insertChangeRequest, updateChangeRequest } from './repository.ts';
import type { ChangeRequestInput, ChangeRequestPatch, ChangeRequestQuery } from './schemas.ts';
import { carryOut, requireNext } from './transition.ts';

export interface ChangeRequestsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly book: AccessBook;
}

/** Changes that people talk about (`reviews.ts`), approve, and then make (`applier.ts`). */
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
    const { database, book } = this.#dependencies;
    const { row, approvals } = await findOpened(database, book, place);
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
    const { changes: commits, book } = this.#dependencies;
    const { result } = await commits.commit(caller, async (draft) => {
      const project = await requireProject(draft.tx, projectKey);
      const row: ChangeRequestRow = {
        id: newId(draft.atMs),
        project_id: project.id,
        title,
        description,
        ...(await propose(draft.tx, projectKey, changes, draft.atMs)),
        authors: JSON.stringify([actor.id]),
        created_by: JSON.stringify(actor),
        state: 'draft',
        reason: null,
        version: 1,
        created_at: draft.atMs,
        updated_at: draft.atMs,
      };
      await insertChangeRequest(draft.tx, row);
      const opened = await countOpened(draft.tx, book, project, row);
      const first = { ...row, state: isDraft ? row.state : requireNext(opened, 'open') };
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
    return carryOut(this.#dependencies, {
      ...{ caller, place, action: 'edit', ifVersion },
      change: async (draft, { row }) => ({
        title: title ?? row.title,
        description: description ?? row.description,
        ...(changes === undefined
          ? {}
          : {
              ...(await propose(draft.tx, place.project, changes, draft.atMs)),
              authors: JSON.stringify([...new Set([...authorsOf(row), caller.actor.id])]),
            }),
        reason: null,
      }),
    });
  }

  /** Asks others to approve a draft. */
  open(caller: Caller, place: RequestPlace): Promise<ChangeRequest> {
    return carryOut(this.#dependencies, { caller, place, action: 'open' });
  }

  /** Takes the same changes anew on what is there now. Approvals stay only when they lead to the same. */
  rebase(caller: Caller, place: RequestPlace): Promise<ChangeRequest> {
    return carryOut(this.#dependencies, {
      ...{ caller, place, action: 'rebase' },
      change: async (draft, { row }) => ({
        ...(await propose(draft.tx, place.project, changesOf(row), draft.atMs)),
        reason: null,
      }),
    });
  }

  /** By who wrote it, or who may approve it. */
  cancel(caller: Caller, place: RequestPlace): Promise<ChangeRequest> {
    return carryOut(this.#dependencies, {
      ...{ caller, place, action: 'cancel' },
      change: async (_, opened) => {
        if (!authorsOf(opened.row).includes(caller.actor.id)) requireApprover(caller, opened);
        return {};
      },
    });
  }
}
