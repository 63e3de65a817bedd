import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Actor, Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { fromBit, toBit } from '../store/booleans.ts';
import { newId } from '../store/new-id.ts';
import type { FlagViewRow } from '../store/tables/flags.ts';
import type { Database } from '../store/tables.ts';
import { deleteView, findViews, insertView, updateView } from './repository.ts';
import type { FlagViewInput, FlagViewPatch, FlagViewSchema } from './schemas.ts';

export type FlagView = Static<typeof FlagViewSchema>;

/** What one person sees of a project's views: those that are shared, and their own. */
const MAX_VIEWS = 200;

/** Ways to look at the list of flags, kept under a name: a person's own, or the project's. */
export class FlagViews {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /** Those that the caller sees, oldest first. @throws {ApiError} `not_found` */
  async list({ actor }: Caller, project: string): Promise<{ items: FlagView[] }> {
    const { id } = await requireProject(this.#database, project);
    return { items: (await findViews(this.#database, id, actor.id)).map(toView) };
  }

  /** @throws {ApiError} `not_found`, `forbidden`, `conflict` */
  async create(caller: Caller, project: string, input: Static<typeof FlagViewInput>): Promise<FlagView> {
    const { name, filter, shared } = input;
    if (shared) requirePermission(caller, 'flag:write', { project });
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const { id } = await requireProject(draft.tx, project);
      const seen = await findViews(draft.tx, id, caller.actor.id);
      if (seen.length >= MAX_VIEWS) throw new ApiError('conflict', `There are ${MAX_VIEWS} views: delete one first.`);
      refuseTaken(name, seen);
      const row: FlagViewRow = {
        ...{ id: newId(draft.atMs), project_id: id, name, filter: JSON.stringify(filter), shared: toBit(shared) },
        ...{ owner_id: caller.actor.id, owner: JSON.stringify(caller.actor) },
        ...{ created_at: draft.atMs, updated_at: draft.atMs },
      };
      await insertView(draft.tx, row);
      await draft.audit({ action: 'flag-view.created', ...targetOf(project, row), after: input });
      return toView(row);
    });
    return result;
  }

  /** @throws {ApiError} `not_found`, `forbidden`, `conflict` */
  async update(caller: Caller, project: string, view: string, patch: Static<typeof FlagViewPatch>): Promise<FlagView> {
    if (patch.shared) requirePermission(caller, 'flag:write', { project });
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const { id } = await requireProject(draft.tx, project);
      const seen = await findViews(draft.tx, id, caller.actor.id);
      const row = requireView(caller, project, view, seen);
      if (patch.shared === false && row.owner_id !== caller.actor.id) {
        throw new ApiError('forbidden', 'Only who made a view may take it back from the project. Delete it instead.');
      }
      const before = inputOf(row);
      const after = { ...before, ...patch };
      refuseTaken(
        after.name,
        seen.filter((other) => other !== row),
      );
      const saved: FlagViewRow = {
        ...{ ...row, name: after.name, filter: JSON.stringify(after.filter), shared: toBit(after.shared) },
        updated_at: draft.atMs,
      };
      await updateView(draft.tx, saved);
      await draft.audit({ action: 'flag-view.updated', ...targetOf(project, row), before, after });
      return toView(saved);
    });
    return result;
  }

  /** @throws {ApiError} `not_found`, `forbidden` */
  async delete(caller: Caller, project: string, view: string): Promise<void> {
    await this.#changes.commit(caller, async (draft) => {
      const { id } = await requireProject(draft.tx, project);
      const row = requireView(caller, project, view, await findViews(draft.tx, id, caller.actor.id));
      await deleteView(draft.tx, row.id);
      await draft.audit({ action: 'flag-view.deleted', ...targetOf(project, row), before: inputOf(row) });
    });
  }
}

/** One that the caller may change: their own, or, with `flag:write`, one of the project's. */
function requireView(caller: Caller, project: string, id: string, seen: readonly FlagViewRow[]): FlagViewRow {
  const row = seen.find((one) => one.id === id);
  if (row === undefined) throw notFound(`view "${id}" in project "${project}"`);
  if (fromBit(row.shared)) requirePermission(caller, 'flag:write', { project });
  return row;
}

function refuseTaken(name: string, seen: readonly FlagViewRow[]): void {
  if (!seen.some((row) => row.name === name)) return;
  throw new ApiError('conflict', `There is a view "${name}" already: choose another name, or change that one.`);
}

function inputOf({ name, filter, shared }: FlagViewRow): Static<typeof FlagViewInput> {
  return { name, filter: JSON.parse(filter) as FlagView['filter'], shared: fromBit(shared) };
}

function targetOf(project: string, { id }: FlagViewRow) {
  return { project, target: { kind: 'flag-view', key: id } };
}

function toView(row: FlagViewRow): FlagView {
  return {
    id: row.id,
    ...inputOf(row),
    owner: JSON.parse(row.owner) as Actor,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}
