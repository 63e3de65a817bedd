import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Actor, Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Environments } from '../environments/service.ts';
import { notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { readMoment } from '../http/moment.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { FreezeRow } from '../store/tables/change-requests.ts';
import type { Database } from '../store/tables.ts';
import { deleteFreeze, findFreeze, findFreezes, insertFreeze } from './repository.ts';
import type { FreezeInput, FreezeSchema } from './schemas.ts';

type Freeze = Static<typeof FreezeSchema>;

interface Place {
  readonly project: string;
  readonly environment: string;
}

/** Times in which an environment is not changed: see `changes/protection.ts` for who may nevertheless. */
export class Freezes {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #environments: Environments;

  constructor(database: Database, changes: Changes, environments: Environments) {
    this.#database = database;
    this.#changes = changes;
    this.#environments = environments;
  }

  /** Oldest first. */
  async list(place: Place, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<Freeze>> {
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const { environment } = await this.#environments.find(place.project, place.environment);
    const rows = await findFreezes(this.#database, environment.id, { afterId, limit: limit + 1 });
    const page = toPage(rows, limit, ({ id }) => [id]);
    return { ...page, items: page.items.map(toFreeze) };
  }

  async create(caller: Caller, place: Place, { name, from, to }: Static<typeof FreezeInput>): Promise<Freeze> {
    const [startsAt, endsAt] = [readMoment(from, 'from'), readMoment(to, 'to')];
    const { result } = await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      if (endsAt <= Math.max(startsAt, draft.atMs)) {
        throw validationFailed([{ path: 'to', message: 'must be later than from, and not have passed' }]);
      }
      const row: FreezeRow = {
        id: newId(draft.atMs),
        environment_id: environment.id,
        name,
        starts_at: startsAt,
        ends_at: endsAt,
        created_by: JSON.stringify(caller.actor),
        created_at: draft.atMs,
      };
      await insertFreeze(draft.tx, row);
      await draft.audit({ action: 'freeze.created', ...placeOf(place, row), after: toFreeze(row) });
      return row;
    });
    return toFreeze(result);
  }

  /** One that holds now is ended only by who may pass it: or else ending it would be a way around. */
  async delete(caller: Caller, place: Place, id: string): Promise<void> {
    await this.#changes.commit(caller, async (draft) => {
      const { environment } = await this.#environments.find(place.project, place.environment, draft.tx);
      const row = await findFreeze(draft.tx, environment.id, id);
      if (row === undefined) throw notFound(`freeze "${id}" of environment "${place.environment}"`);
      const isPresent = row.starts_at <= draft.atMs && draft.atMs < row.ends_at;
      if (isPresent) requirePermission(caller, 'change:bypass', place);
      await deleteFreeze(draft.tx, id);
      await draft.audit({ action: 'freeze.deleted', ...placeOf(place, row), before: toFreeze(row) });
    });
  }
}

function placeOf({ project, environment }: Place, { id }: FreezeRow) {
  return { project, environment, target: { kind: 'freeze', key: id } };
}

function toFreeze({ id, name, starts_at, ends_at, created_by, created_at }: FreezeRow): Freeze {
  return {
    id,
    name,
    from: toTimestamp(starts_at),
    to: toTimestamp(ends_at),
    createdBy: JSON.parse(created_by) as Actor,
    createdAt: toTimestamp(created_at),
  };
}
