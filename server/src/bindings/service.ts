import { checkPattern } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { requireProject } from '../environments/service.ts';
import { ApiError, notFound, validationFailed } from '../http/api-error.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import { requireAction } from '../interventions/require-action.ts';
import { newId } from '../store/new-id.ts';
import type { BindingRow } from '../store/tables/signals.ts';
import type { Database, Querier } from '../store/tables.ts';
import { type Binding, type Terms, toBinding } from './binding.ts';
import { deleteBinding, findBinding, findBindings, insertBinding, updateBinding } from './repository.ts';
import type { BindingInput, BindingPatch, BindingQuery } from './schemas.ts';

const DEFAULTS = { mode: 'dry_run', maxAgeSeconds: 900, maxKillsPerHour: 10, coolDownSeconds: 120 } as const;

/** What an alert that is firing already would lead to at once, had it not begun before the change. */
const REARMED_BY: readonly (keyof Terms)[] = ['source', 'match', 'targets', 'action', 'mode'];

/** Bindings as people manage them. What holds is in the binding book. */
export class BindingEditor {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /** By key. */
  async list(project: string, { cursor, limit = DEFAULT_LIMIT }: Static<typeof BindingQuery>): Promise<Page<Binding>> {
    const [afterKey] = readCursor(cursor, ['string']) ?? [];
    const { id } = await requireProject(this.#database, project);
    const rows = await findBindings(this.#database, id, { afterKey, limit: limit + 1 });
    const page = toPage(rows, limit, ({ key }) => [key]);
    return { ...page, items: page.items.map(toBinding) };
  }

  async get(project: string, key: string): Promise<Binding> {
    return toBinding(await this.#require(this.#database, project, key));
  }

  /** @throws {ApiError} `forbidden` for who may not do themselves what it is to do */
  async create(caller: Caller, project: string, { key, ...input }: Static<typeof BindingInput>): Promise<Binding> {
    const terms: Terms = { ...DEFAULTS, name: key, ...input };
    refuseUnfit(caller, project, terms);
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const { id: projectId } = await requireProject(draft.tx, project);
      await draft.count('bindings');
      if ((await findBinding(draft.tx, projectId, key)) !== undefined) {
        throw new ApiError('conflict', `There is a binding "${key}" in project "${project}". Choose another key.`);
      }
      const row: BindingRow = {
        id: newId(draft.atMs),
        project_id: projectId,
        key,
        terms: JSON.stringify(terms),
        armed_at: draft.atMs,
        version: 1,
        created_at: draft.atMs,
        updated_at: draft.atMs,
      };
      await insertBinding(draft.tx, row);
      const after = toBinding(row);
      await draft.audit({ action: 'binding.created', project, target: targetOf(key), after });
      return after;
    });
    return result;
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    project: string,
    key: string,
    patch: Static<typeof BindingPatch>,
    ifVersion: number | undefined,
  ): Promise<Binding> {
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const row = await this.#require(draft.tx, project, key);
      await draft.count('bindings');
      const target = targetOf(key);
      await refuseOutdated(draft.tx, ifVersion, { project, target, version: row.version });
      const was = JSON.parse(row.terms) as Terms;
      const terms: Terms = { ...was, ...patch };
      refuseUnfit(caller, project, terms);
      const differs = (name: keyof Terms) => JSON.stringify(was[name]) !== JSON.stringify(terms[name]);
      const saved = {
        ...row,
        terms: JSON.stringify(terms),
        armed_at: REARMED_BY.some(differs) ? draft.atMs : row.armed_at,
        version: row.version + 1,
        updated_at: draft.atMs,
      };
      await updateBinding(draft.tx, saved);
      const after = toBinding(saved);
      await draft.audit({ action: 'binding.updated', project, target, before: toBinding(row), after });
      return after;
    });
    return result;
  }

  /** What it has killed stays killed, and what it has paused stays paused. */
  async remove(caller: Caller, project: string, key: string): Promise<void> {
    await this.#changes.commit(caller, async (draft) => {
      const row = await this.#require(draft.tx, project, key);
      await draft.count('bindings');
      await deleteBinding(draft.tx, row.id);
      await draft.audit({ action: 'binding.deleted', project, target: targetOf(key), before: toBinding(row) });
    });
  }

  async #require(db: Querier, project: string, key: string): Promise<BindingRow> {
    const { id } = await requireProject(db, project);
    const row = await findBinding(db, id, key);
    if (row === undefined) throw notFound(`binding "${key}" in project "${project}"`);
    return row;
  }
}

/** @throws {ApiError} `validation_failed`; `forbidden`: nobody lets alerts do what they may not do */
function refuseUnfit(caller: Caller, project: string, { match, action }: Terms): void {
  requireAction(caller, action, { project });
  const problems = match.flatMap((matcher, at) =>
    'matches' in matcher
      ? checkPattern(matcher.matches).map(({ message }) => ({ path: `match.${at}.matches`, message }))
      : [],
  );
  if (problems.length > 0) throw validationFailed(problems);
}

function targetOf(key: string) {
  return { kind: 'binding', key };
}
