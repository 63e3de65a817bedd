import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { findMembers, findMembersOfGroups } from '../groups/repository.ts';
import { addGroup, changeGroup, changeMember, removeGroup, requireGroup } from '../groups/service.ts';
import type { GroupRow, UserRow } from '../store/tables/access.ts';
import type { Database } from '../store/tables.ts';
import { findUser } from '../users/repository.ts';
import { type AttributeChange, readText } from './patch.ts';
import type { ScimGroupInput } from './schemas.ts';
import { ScimError } from './scim-error.ts';

export interface ScimGroupsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly book: AccessBook;
}

/** Groups as a directory provisions them. What they may do is granted here, not there. */
export class ScimGroups {
  readonly #dependencies: ScimGroupsDependencies;

  constructor(dependencies: ScimGroupsDependencies) {
    this.#dependencies = dependencies;
  }

  get(id: string): Promise<GroupRow> {
    return requireGroup(this.#dependencies.database, id);
  }

  /** By group id, however many groups by one query. */
  async members(ids: readonly string[]): Promise<ReadonlyMap<string, readonly UserRow[]>> {
    const members = new Map(ids.map((id) => [id, [] as UserRow[]]));
    for (const row of await findMembersOfGroups(this.#dependencies.database, ids)) members.get(row.group_id)?.push(row);
    return members;
  }

  create(
    caller: Caller,
    { displayName, externalId = null, members = [] }: Static<typeof ScimGroupInput>,
  ): Promise<GroupRow> {
    return editAccess(this.#dependencies.changes, caller, async (draft) => {
      const row = await addGroup(draft, displayName, externalId);
      await this.#setMembers(
        draft,
        row.id,
        members.map(({ value }) => value),
      );
      return row;
    });
  }

  replace(
    caller: Caller,
    id: string,
    { displayName, externalId = null, members = [] }: Static<typeof ScimGroupInput>,
  ): Promise<GroupRow> {
    return this.#change(caller, id, async (draft) => {
      await changeGroup(draft, id, { name: displayName, externalId });
      await this.#setMembers(
        draft,
        id,
        members.map(({ value }) => value),
      );
    });
  }

  patch(caller: Caller, id: string, changes: readonly AttributeChange[]): Promise<GroupRow> {
    return this.#change(caller, id, async (draft) => {
      for (const change of changes) await this.#apply(draft, id, change);
    });
  }

  async remove(caller: Caller, id: string): Promise<void> {
    this.#requireAtLeast(caller, id);
    await editAccess(this.#dependencies.changes, caller, (draft) => removeGroup(draft, id));
  }

  async #apply(draft: Draft, id: string, { op, attribute, selected, value }: AttributeChange): Promise<void> {
    if (attribute === 'displayname') {
      if (op === 'remove') throw new ScimError('invalidValue', 'displayName cannot be removed. Replace it.');
      await changeGroup(draft, id, { name: readText(value, 'displayName') });
    } else if (attribute === 'externalid') {
      await changeGroup(draft, id, { externalId: op === 'remove' ? null : readText(value, 'externalId') });
    } else if (attribute === 'members') {
      const named = selected === undefined ? readMembers(value) : [selected];
      if (op === 'replace') await this.#setMembers(draft, id, named);
      // Without a word whom: all of them (RFC 7644, section 3.5.2.2).
      else if (op === 'remove' && selected === undefined && value === undefined) await this.#setMembers(draft, id, []);
      else for (const user of named) await this.#setMember(draft, id, user, op === 'add');
    }
  }

  async #setMembers(draft: Draft, id: string, wanted: readonly string[]): Promise<void> {
    const there = new Set((await findMembers(draft.tx, id)).map((user) => user.id));
    const named = new Set(wanted);
    for (const user of there) if (!named.has(user)) await changeMember(draft, id, user, false);
    for (const user of named) if (!there.has(user)) await this.#setMember(draft, id, user, true);
  }

  async #setMember(draft: Draft, id: string, user: string, isMember: boolean): Promise<void> {
    if (isMember && (await findUser(draft.tx, user)) === undefined) {
      throw new ScimError('invalidValue', `There is no user with the id "${user}".`);
    }
    await changeMember(draft, id, user, isMember);
  }

  #change(caller: Caller, id: string, work: (draft: Draft) => Promise<void>): Promise<GroupRow> {
    this.#requireAtLeast(caller, id);
    return editAccess(this.#dependencies.changes, caller, async (draft) => {
      await requireGroup(draft.tx, id);
      await work(draft);
      return requireGroup(draft.tx, id);
    });
  }

  #requireAtLeast(caller: Caller, id: string): void {
    requireAtLeast(caller, this.#dependencies.book.grantsOf('group', id), 'Members of this group');
  }
}

function readMembers(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((member: unknown) => {
    const id = typeof member === 'object' && member !== null && 'value' in member ? member.value : undefined;
    if (typeof id === 'string') return id;
    throw new ScimError('invalidValue', 'members must be a list of {"value": "the id of a user"}.');
  });
}
