import { findGrants } from '../grants/repository.ts';
import { readCounter } from '../store/counters.ts';
import type { DatabaseTransaction } from '../store/tables.ts';

export type HolderKind = 'user' | 'service-account';

/** All that is needed to know who may do what, as the database has it. */
export type AccessRows = Awaited<ReturnType<typeof readAccess>>;

/** @param tx a snapshot: what is read belongs together */
export async function readAccess(tx: DatabaseTransaction) {
  return {
    count: await readCounter(tx, 'access'),
    users: await tx.selectFrom('users').select(['id', 'name']).where('disabled_at', 'is', null).execute(),
    serviceAccounts: await tx
      .selectFrom('service_accounts')
      .select(['id', 'name'])
      .where('disabled_at', 'is', null)
      .execute(),
    members: await tx.selectFrom('group_members').selectAll().execute(),
    grants: await findGrants(tx),
    roles: await tx.selectFrom('roles').selectAll().execute(),
    tokens: await tx.selectFrom('tokens').selectAll().where('revoked_at', 'is', null).execute(),
    environments: await tx
      .selectFrom('environments')
      .innerJoin('projects', 'projects.id', 'environments.project_id')
      .select(['projects.key as project', 'environments.key as environment', 'environments.production'])
      .execute(),
  };
}

/** The owners of the installation, by their own grant or a group's, who are not disabled. */
export async function findOwners(tx: DatabaseTransaction) {
  return tx
    .selectFrom('users')
    .select(['users.id', 'users.email', 'users.password_hash'])
    .where('users.disabled_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('grants')
          .leftJoin('group_members', 'group_members.group_id', 'grants.group_id')
          .select('grants.id')
          .where('grants.role', '=', 'owner')
          .where('grants.project_id', 'is', null)
          .where((grant) =>
            grant.or([
              grant('grants.user_id', '=', grant.ref('users.id')),
              grant('group_members.user_id', '=', grant.ref('users.id')),
            ]),
          ),
      ),
    )
    .orderBy('users.email')
    .execute();
}

/** Whether anyone who can sign in is an owner. */
export async function hasOwner(tx: DatabaseTransaction): Promise<boolean> {
  return (await findOwners(tx)).some(({ password_hash }) => password_hash !== '');
}
