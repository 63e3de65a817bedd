import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Sessions } from '../sessions/service.ts';
import type { UserRow } from '../store/tables/access.ts';
import type { Database } from '../store/tables.ts';
import type { Users } from '../users/service.ts';
import { addUser, changeUser, requireUser, type UserChange } from '../users/service.ts';
import { type AttributeChange, readBoolean, readText } from './patch.ts';
import type { ScimUserInput } from './schemas.ts';
import { ScimError } from './scim-error.ts';

export interface ScimUsersDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly sessions: Sessions;
  readonly book: AccessBook;
  readonly users: Users;
}

/** People as a directory provisions them. A person's `userName` is their address; who is not `active` is disabled. */
export class ScimUsers {
  readonly #dependencies: ScimUsersDependencies;

  constructor(dependencies: ScimUsersDependencies) {
    this.#dependencies = dependencies;
  }

  get(id: string): Promise<UserRow> {
    return requireUser(this.#dependencies.database, id);
  }

  async create(caller: Caller, input: Static<typeof ScimUserInput>): Promise<UserRow> {
    const user = readUser(input);
    return editAccess(this.#dependencies.changes, caller, (draft) => addUser(draft, user));
  }

  async replace(caller: Caller, id: string, input: Static<typeof ScimUserInput>): Promise<UserRow> {
    return this.#change(caller, id, readUser(input));
  }

  async patch(caller: Caller, id: string, changes: readonly AttributeChange[]): Promise<UserRow> {
    return this.#change(caller, id, readChanges(changes));
  }

  remove(caller: Caller, id: string): Promise<void> {
    return this.#dependencies.users.remove(caller, id);
  }

  async #change(caller: Caller, id: string, change: UserChange): Promise<UserRow> {
    const { book, changes, sessions } = this.#dependencies;
    requireAtLeast(caller, book.grantsOf('user', id), 'This person');
    const row = await editAccess(changes, caller, async (draft) =>
      changeUser(draft, await requireUser(draft.tx, id), change),
    );
    if (row.disabled_at !== null) sessions.forget(id);
    return row;
  }
}

function readUser(input: Static<typeof ScimUserInput>): Required<UserChange> {
  const { userName, externalId = null, displayName, name = {}, active = true } = input;
  const parts = [name.givenName, name.familyName].filter((part) => part !== undefined && part.trim() !== '').join(' ');
  const email = readAddress(userName);
  return {
    email,
    externalId,
    name: readText(displayName || name.formatted || parts || email, 'displayName'),
    disabled: !readBoolean(active, 'active'),
  };
}

/** What is kept of the changes. Parts of names and further addresses are not. */
function readChanges(changes: readonly AttributeChange[]): UserChange {
  let change: UserChange = {};
  for (const { op, attribute, value } of changes) {
    if (op === 'remove') {
      if (attribute === 'externalid') change = { ...change, externalId: null };
      else if (attribute === 'username' || attribute === 'active') {
        throw new ScimError('invalidValue', `${attribute} cannot be removed. To disable someone, set active to false.`);
      }
    } else if (attribute === 'active') change = { ...change, disabled: !readBoolean(value, 'active') };
    else if (attribute === 'username') change = { ...change, email: readAddress(value) };
    else if (attribute === 'externalid') change = { ...change, externalId: readText(value, 'externalId') };
    else if (attribute === 'displayname') change = { ...change, name: readText(value, 'displayName') };
    else if (attribute === 'name.formatted') change = { ...change, name: readText(value, 'name.formatted') };
    else if (attribute === 'name' && typeof value === 'object' && value !== null && 'formatted' in value) {
      change = { ...change, name: readText(value.formatted, 'name.formatted') };
    }
  }
  return change;
}

function readAddress(userName: unknown): string {
  if (typeof userName === 'string' && userName.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(userName.trim())) {
    return userName.trim().toLowerCase();
  }
  throw new ScimError(
    'invalidValue',
    'userName must be an email address. Map it to the address that people sign in with.',
  );
}
