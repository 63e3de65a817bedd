import { editAccess } from '../access/edit-access.ts';
import { NO_POWERS } from '../access/powers.ts';
import type { Caller } from '../audit/actor.ts';
import type { Origin } from '../audit/origin.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { insertGrant } from '../grants/repository.ts';
import { findGroup } from '../groups/repository.ts';
import { changeMember } from '../groups/service.ts';
import { newId } from '../store/new-id.ts';
import type { UserRow } from '../store/tables/access.ts';
import type { Database, Querier } from '../store/tables.ts';
import { findUser, findUserByEmail, toUser } from '../users/repository.ts';
import { addUser } from '../users/service.ts';
import type { User } from '../users/user.ts';
import type { Vouched } from './person.ts';
import { findGroupIdsOf, findIdentity, insertIdentity } from './repository.ts';
import type { Provider } from './service.ts';
import { SignInFailed } from './sign-in-failed.ts';

/** Finds or makes the account of whom a provider vouches for, and brings their groups to what it says. */
export class Arrivals {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  /**
   * A known subject is its person, whatever its address is now; an unknown one is the person who has the verified address.
   * @throws {SignInFailed}
   */
  async admit(
    provider: Provider,
    vouched: Vouched,
    asker: { readonly requestId: string; readonly origin: Origin },
  ): Promise<User> {
    const known = await this.#findSettled(provider, vouched);
    if (known !== undefined) return toUser(known);
    const name = `Single sign-on by ${provider.settings.name}`;
    const actor = { kind: 'system', id: `identity-provider:${provider.key}`, name } as const;
    const caller: Caller = { actor, ...asker, ...NO_POWERS };
    return editAccess(this.#changes, caller, async (draft) => {
      const row = (await findPerson(draft.tx, provider, vouched)) ?? (await makePerson(draft, provider, vouched));
      if (row.disabled_at !== null) throw new SignInFailed('account_disabled', 'the account is disabled');
      await link(draft, provider, vouched, row.id);
      await setGroups(draft, provider, vouched, row.id);
      return toUser(row);
    });
  }

  /** Who came before, when there is nothing to write: most sign-ins. */
  async #findSettled(provider: Provider, vouched: Vouched): Promise<UserRow | undefined> {
    const userId = await findIdentity(this.#database, provider.id, vouched.subject);
    const row = userId === undefined ? undefined : await findUser(this.#database, userId);
    if (row === undefined || row.disabled_at !== null) return undefined;
    const { toJoin, toLeave } = await groupChanges(this.#database, provider, vouched, row.id);
    return toJoin.length === 0 && toLeave.length === 0 ? row : undefined;
  }
}

async function findPerson(db: Querier, { id }: Provider, { subject, email }: Vouched): Promise<UserRow | undefined> {
  const userId = await findIdentity(db, id, subject);
  return userId === undefined ? findUserByEmail(db, email) : findUser(db, userId);
}

async function makePerson(draft: Draft, { settings }: Provider, { email, name }: Vouched): Promise<UserRow> {
  if (!settings.createUsers) throw new SignInFailed('no_account', 'nobody has this address, and no accounts are made');
  const row = await addUser(draft, { email, name });
  if (settings.defaultRole === null) return row;
  const grant = {
    id: newId(draft.atMs),
    user_id: row.id,
    group_id: null,
    service_account_id: null,
    role: settings.defaultRole,
    project_id: null,
    environment_id: null,
    created_at: draft.atMs,
  };
  await insertGrant(draft.tx, grant);
  const after = { subject: { kind: 'user', id: row.id, name }, role: grant.role, project: null, environment: null };
  await draft.audit({ action: 'grant.created', target: { kind: 'grant', key: grant.id }, after });
  return row;
}

async function link(draft: Draft, provider: Provider, { subject, email }: Vouched, userId: string): Promise<void> {
  if ((await findIdentity(draft.tx, provider.id, subject)) !== undefined) return;
  await insertIdentity(draft.tx, { provider_id: provider.id, subject, user_id: userId, created_at: draft.atMs });
  const after = { provider: provider.key, subject, email };
  await draft.audit({ action: 'user.identity-linked', target: { kind: 'user', key: userId }, after });
}

/** Only groups that the provider's mapping names are its business. */
async function groupChanges(db: Querier, { settings }: Provider, { groups }: Vouched, userId: string) {
  if (settings.groups === null || groups === undefined) return { toJoin: [], toLeave: [] };
  const mapped = new Set(settings.groups.groups.map(({ group }) => group));
  const present = new Set((await findGroupIdsOf(db, userId)).filter((group) => mapped.has(group)));
  const wanted = new Set(groups);
  const toJoin: string[] = [];
  for (const group of wanted) {
    // One that was removed since is left out.
    if (!present.has(group) && (await findGroup(db, group)) !== undefined) toJoin.push(group);
  }
  return { toJoin, toLeave: [...present].filter((group) => !wanted.has(group)) };
}

async function setGroups(draft: Draft, provider: Provider, vouched: Vouched, userId: string): Promise<void> {
  const { toJoin, toLeave } = await groupChanges(draft.tx, provider, vouched, userId);
  for (const group of toJoin) await changeMember(draft, group, userId, true);
  for (const group of toLeave) await changeMember(draft, group, userId, false);
}
