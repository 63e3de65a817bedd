import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { ApiError, NameTaken, notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import { makePasswordLink, type PasswordLink } from '../passwords/link.ts';
import { takePasswordLinks } from '../passwords/repository.ts';
import { deleteSessionsOf } from '../sessions/repository.ts';
import type { OpenSession, Sessions } from '../sessions/service.ts';
import { newId } from '../store/new-id.ts';
import type { UserRow } from '../store/tables/access.ts';
import type { Database, Querier } from '../store/tables.ts';
import { deleteUser, findUser, findUserByEmail, findUsers, insertUser, toUser, updateUser } from './repository.ts';
import type { InvitationInput, PersonPatch, PersonQuery, PersonSchema } from './schemas.ts';

export type Person = Static<typeof PersonSchema>;

export interface UsersDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly sessions: Sessions;
  readonly book: AccessBook;
}

/** The people who can sign in. They come by a one-time link, so that the server needs to send no mail. */
export class Users {
  readonly #dependencies: UsersDependencies;

  constructor(dependencies: UsersDependencies) {
    this.#dependencies = dependencies;
  }

  async list({ cursor, limit = DEFAULT_LIMIT, search }: Static<typeof PersonQuery>): Promise<Page<Person>> {
    const [afterEmail] = readCursor(cursor, ['string']) ?? [];
    const rows = await findUsers(this.#dependencies.database, { search, afterEmail, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.email]);
    return { ...page, items: page.items.map(toPerson) };
  }

  async get(id: string): Promise<Person> {
    return toPerson(await requireUser(this.#dependencies.database, id));
  }

  /** Makes an account without a password, and the link by which its owner sets one. It may do nothing yet. */
  async invite(
    caller: Caller,
    { email, name }: Static<typeof InvitationInput>,
  ): Promise<{ user: Person; link: PasswordLink }> {
    return editAccess(this.#dependencies.changes, caller, async (draft) => {
      const row = await addUser(draft, { email, name });
      return { user: toPerson(row), link: await makePasswordLink(draft, row.id) };
    });
  }

  /** A new link, in place of those before: for who lost the first, or the password. */
  async renewLink(caller: Caller, id: string): Promise<PasswordLink> {
    this.#requireAtLeast(caller, id);
    return editAccess(this.#dependencies.changes, caller, async (draft) => {
      const row = await requireUser(draft.tx, id);
      if (row.disabled_at !== null) throw new ApiError('conflict', 'The account is disabled. Enable it first.');
      await draft.audit({ action: 'user.link-made', target: { kind: 'user', key: id } });
      return makePasswordLink(draft, id);
    });
  }

  /** Who is disabled is out at once: sessions and links end, tokens are refused. Grants stay for when they come back. */
  async update(caller: Caller, id: string, patch: Static<typeof PersonPatch>): Promise<Person> {
    this.#requireAtLeast(caller, id);
    const person = await editAccess(this.#dependencies.changes, caller, async (draft) => {
      const before = await requireUser(draft.tx, id);
      return toPerson(await changeUser(draft, before, patch));
    });
    if (person.state === 'disabled') this.#dependencies.sessions.forget(id);
    return person;
  }

  async remove(caller: Caller, id: string): Promise<void> {
    this.#requireAtLeast(caller, id);
    await editAccess(this.#dependencies.changes, caller, async (draft) => {
      const row = await requireUser(draft.tx, id);
      await deleteUser(draft.tx, id);
      await draft.audit({ action: 'user.removed', target: { kind: 'user', key: id }, before: toUser(row) });
    });
    this.#dependencies.sessions.forget(id);
  }

  async listSessions(caller: Caller, id: string): Promise<OpenSession[]> {
    await this.get(id);
    this.#requireAtLeast(caller, id);
    return this.#dependencies.sessions.list(id);
  }

  /** Signs someone out everywhere. */
  async endSessions(caller: Caller, id: string): Promise<void> {
    this.#requireAtLeast(caller, id);
    await this.#dependencies.changes.commit(caller, async (draft) => {
      await requireUser(draft.tx, id);
      await deleteSessionsOf(draft.tx, id);
      await draft.audit({ action: 'user.signed-out', target: { kind: 'user', key: id } });
    });
    this.#dependencies.sessions.forget(id);
  }

  #requireAtLeast(caller: Caller, id: string): void {
    requireAtLeast(caller, this.#dependencies.book.grantsOf('user', id), 'This person');
  }
}

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly externalId?: string | null;
  readonly disabled?: boolean;
}

/** Makes an account inside a draft. @throws {ApiError} `conflict` when the address has one */
export async function addUser(
  draft: Draft,
  { email: typed, name, externalId = null, disabled = false }: NewUser,
): Promise<UserRow> {
  const email = await requireFreeEmail(draft.tx, typed);
  const row: UserRow = {
    id: newId(draft.atMs),
    email,
    name,
    role: 'member',
    password_hash: '',
    created_at: draft.atMs,
    disabled_at: disabled ? draft.atMs : null,
    external_id: externalId,
  };
  await insertUser(draft.tx, row);
  await draft.audit({ action: 'user.created', target: { kind: 'user', key: row.id }, after: toUser(row) });
  return row;
}

export interface UserChange {
  readonly email?: string;
  readonly name?: string;
  readonly disabled?: boolean;
  readonly externalId?: string | null;
}

/** Changes an account inside a draft. */
export async function changeUser(
  draft: Draft,
  before: UserRow,
  { email, name, disabled, externalId }: UserChange,
): Promise<UserRow> {
  const after: UserRow = {
    ...before,
    ...(email === undefined ? {} : { email: await requireFreeEmail(draft.tx, email, before.id) }),
    ...(name === undefined ? {} : { name }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...(disabled === undefined ? {} : { disabled_at: disabled ? (before.disabled_at ?? draft.atMs) : null }),
  };
  const isSame = (['email', 'name', 'external_id', 'disabled_at'] as const).every((key) => after[key] === before[key]);
  if (isSame) return before;
  await updateUser(draft.tx, before.id, {
    email: after.email,
    name: after.name,
    external_id: after.external_id,
    disabled_at: after.disabled_at,
  });
  if (after.disabled_at !== null) {
    await deleteSessionsOf(draft.tx, before.id);
    await takePasswordLinks(draft.tx, before.id);
  }
  const target = { kind: 'user', key: before.id };
  const shown = (row: UserRow) => ({ ...toUser(row), state: toPerson(row).state });
  await draft.audit({ action: 'user.updated', target, before: shown(before), after: shown(after) });
  return after;
}

export async function requireUser(db: Querier, id: string): Promise<UserRow> {
  const row = await findUser(db, id);
  if (row === undefined) throw notFound(`user "${id}"`);
  return row;
}

/** @returns the address as it is stored */
async function requireFreeEmail(db: Querier, typed: string, ownerId?: string): Promise<string> {
  const email = typed.trim().toLowerCase();
  const other = await findUserByEmail(db, email);
  if (other !== undefined && other.id !== ownerId) {
    throw new NameTaken(`There is an account with the address ${email}. Use another address.`);
  }
  return email;
}

function toPerson({ id, email, name, created_at, disabled_at, password_hash }: UserRow): Person {
  const state = disabled_at !== null ? 'disabled' : password_hash === '' ? 'invited' : 'active';
  return { id, email, name, state, createdAt: toTimestamp(created_at) };
}
