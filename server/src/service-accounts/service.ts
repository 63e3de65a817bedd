import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { ServiceAccountRow } from '../store/tables/access.ts';
import type { Database, Querier } from '../store/tables.ts';
import {
  deleteServiceAccount,
  findServiceAccount,
  findServiceAccounts,
  insertServiceAccount,
  updateServiceAccount,
} from './repository.ts';
import type { ServiceAccountPatch, ServiceAccountSchema } from './schemas.ts';

type ServiceAccount = Static<typeof ServiceAccountSchema>;

/** Programs that call the API. They hold tokens and roles, and cannot sign in. */
export class ServiceAccounts {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #book: AccessBook;

  constructor(database: Database, changes: Changes, book: AccessBook) {
    this.#database = database;
    this.#changes = changes;
    this.#book = book;
  }

  async list({ cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<ServiceAccount>> {
    const [afterName] = readCursor(cursor, ['string']) ?? [];
    const rows = await findServiceAccounts(this.#database, { afterName, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.name]);
    return { ...page, items: page.items.map(show) };
  }

  async create(caller: Caller, name: string): Promise<ServiceAccount> {
    return editAccess(this.#changes, caller, async (draft) => {
      await requireFreeName(draft.tx, name);
      const row = { id: newId(draft.atMs), name, created_at: draft.atMs, disabled_at: null };
      await insertServiceAccount(draft.tx, row);
      const target = { kind: 'service-account', key: row.id };
      await draft.audit({ action: 'service-account.created', target, after: { name } });
      return show(row);
    });
  }

  /** The tokens of one that is disabled are refused at once. */
  async update(caller: Caller, id: string, patch: Static<typeof ServiceAccountPatch>): Promise<ServiceAccount> {
    this.#requireAtLeast(caller, id);
    const { name, disabled } = patch;
    return editAccess(this.#changes, caller, async (draft) => {
      const row = await requireServiceAccount(draft.tx, id);
      if (name !== undefined) await requireFreeName(draft.tx, name, id);
      const after: ServiceAccountRow = {
        ...row,
        ...(name === undefined ? {} : { name }),
        ...(disabled === undefined ? {} : { disabled_at: disabled ? (row.disabled_at ?? draft.atMs) : null }),
      };
      await updateServiceAccount(draft.tx, after);
      const target = { kind: 'service-account', key: id };
      await draft.audit({ action: 'service-account.updated', target, before: show(row), after: show(after) });
      return show(after);
    });
  }

  async remove(caller: Caller, id: string): Promise<void> {
    this.#requireAtLeast(caller, id);
    await editAccess(this.#changes, caller, async (draft) => {
      const row = await requireServiceAccount(draft.tx, id);
      await deleteServiceAccount(draft.tx, id);
      const target = { kind: 'service-account', key: id };
      await draft.audit({ action: 'service-account.removed', target, before: show(row) });
    });
  }

  #requireAtLeast(caller: Caller, id: string): void {
    requireAtLeast(caller, this.#book.grantsOf('service-account', id), 'This service account');
  }
}

export async function requireServiceAccount(db: Querier, id: string): Promise<ServiceAccountRow> {
  const row = await findServiceAccount(db, { id });
  if (row === undefined) throw notFound(`service account "${id}"`);
  return row;
}

async function requireFreeName(db: Querier, name: string, ownerId?: string): Promise<void> {
  const other = await findServiceAccount(db, { name });
  if (other === undefined || other.id === ownerId) return;
  throw new ApiError('conflict', `There is a service account "${name}". Choose another name.`);
}

function show({ id, name, created_at, disabled_at }: ServiceAccountRow): ServiceAccount {
  const disabledAt = disabled_at === null ? null : toTimestamp(disabled_at);
  return { id, name, createdAt: toTimestamp(created_at), disabledAt };
}
