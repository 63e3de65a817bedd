import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { NameTaken, notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { newId } from '../store/new-id.ts';
import type { Database, Querier } from '../store/tables.ts';
import { toUser } from '../users/repository.ts';
import { requireUser } from '../users/service.ts';
import type { User } from '../users/user.ts';
import {
  type CountedGroupRow,
  deleteGroup,
  deleteMember,
  findGroup,
  findGroupByName,
  findGroups,
  findMembers,
  insertGroup,
  insertMember,
  updateGroup,
} from './repository.ts';
import type { GroupSchema } from './schemas.ts';

type Group = Static<typeof GroupSchema>;

/** People who get roles together. */
export class Groups {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #book: AccessBook;

  constructor(database: Database, changes: Changes, book: AccessBook) {
    this.#database = database;
    this.#changes = changes;
    this.#book = book;
  }

  async list({ cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<Group>> {
    const [afterName] = readCursor(cursor, ['string']) ?? [];
    const page = toPage(await findGroups(this.#database, { afterName, limit: limit + 1 }), limit, (row) => [row.name]);
    return { ...page, items: page.items.map(show) };
  }

  async members(id: string, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<User>> {
    await requireGroup(this.#database, id);
    const [afterEmail] = readCursor(cursor, ['string']) ?? [];
    const rows = await findMembers(this.#database, id, { afterEmail, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.email]);
    return { ...page, items: page.items.map(toUser) };
  }

  async create(caller: Caller, name: string): Promise<Group> {
    return editAccess(this.#changes, caller, async (draft) => show(await addGroup(draft, name)));
  }

  async rename(caller: Caller, id: string, name: string): Promise<Group> {
    this.#requireAtLeast(caller, id);
    return editAccess(this.#changes, caller, async (draft) => show(await changeGroup(draft, id, { name })));
  }

  async remove(caller: Caller, id: string): Promise<void> {
    this.#requireAtLeast(caller, id);
    await editAccess(this.#changes, caller, (draft) => removeGroup(draft, id));
  }

  /** Gives someone what the group has, or takes it from them. */
  async setMember(caller: Caller, id: string, userId: string, isMember: boolean): Promise<void> {
    this.#requireAtLeast(caller, id);
    await editAccess(this.#changes, caller, async (draft) => {
      await requireGroup(draft.tx, id);
      await requireUser(draft.tx, userId);
      await changeMember(draft, id, userId, isMember);
    });
  }

  #requireAtLeast(caller: Caller, id: string): void {
    requireAtLeast(caller, this.#book.grantsOf('group', id), 'Members of this group');
  }
}

/** Makes a group inside a draft. */
export async function addGroup(draft: Draft, name: string, externalId: string | null = null): Promise<CountedGroupRow> {
  await requireFreeName(draft.tx, name);
  const row = { id: newId(draft.atMs), name, external_id: externalId, created_at: draft.atMs };
  await insertGroup(draft.tx, row);
  await draft.audit({ action: 'group.created', target: { kind: 'group', key: row.id }, after: { name } });
  return { ...row, member_count: 0 };
}

/** Changes a group inside a draft. */
export async function changeGroup(
  draft: Draft,
  id: string,
  { name, externalId }: { readonly name?: string; readonly externalId?: string | null },
): Promise<CountedGroupRow> {
  const before = await requireGroup(draft.tx, id);
  if (name !== undefined) await requireFreeName(draft.tx, name, id);
  const after = {
    ...before,
    name: name ?? before.name,
    external_id: externalId === undefined ? before.external_id : externalId,
  };
  await updateGroup(draft.tx, id, { name: after.name, external_id: after.external_id });
  if (after.name !== before.name) {
    const target = { kind: 'group', key: id };
    await draft.audit({ action: 'group.updated', target, before: { name: before.name }, after: { name: after.name } });
  }
  return after;
}

/** Puts someone into a group, or out of it, inside a draft. Who is there, or is not, already is no change. */
export async function changeMember(draft: Draft, id: string, userId: string, isMember: boolean): Promise<void> {
  const isChange = await (isMember ? insertMember : deleteMember)(draft.tx, id, userId);
  if (!isChange) return;
  const action = isMember ? 'group.member-added' : 'group.member-removed';
  const target = { kind: 'group', key: id };
  await draft.audit({ action, target, ...(isMember ? { after: { user: userId } } : { before: { user: userId } }) });
}

/** Removes a group inside a draft. */
export async function removeGroup(draft: Draft, id: string): Promise<void> {
  const { name } = await requireGroup(draft.tx, id);
  await deleteGroup(draft.tx, id);
  await draft.audit({ action: 'group.removed', target: { kind: 'group', key: id }, before: { name } });
}

export async function requireGroup(db: Querier, id: string): Promise<CountedGroupRow> {
  const row = await findGroup(db, id);
  if (row === undefined) throw notFound(`group "${id}"`);
  return row;
}

async function requireFreeName(db: Querier, name: string, ownerId?: string): Promise<void> {
  const other = await findGroupByName(db, name);
  if (other === undefined || other.id === ownerId) return;
  throw new NameTaken(`There is a group "${name}". Choose another name.`);
}

function show({ id, name, member_count, created_at }: CountedGroupRow): Group {
  return { id, name, memberCount: Number(member_count), createdAt: toTimestamp(created_at) };
}
