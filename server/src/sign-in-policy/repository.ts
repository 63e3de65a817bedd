import { fromBit, toBit } from '../store/booleans.ts';
import type { Querier } from '../store/tables.ts';
import type { SignInPolicy } from './service.ts';

/** There is one policy. */
const ID = 'installation';

export async function findPolicy(db: Querier): Promise<SignInPolicy | undefined> {
  const row = await db.selectFrom('sign_in_policy').selectAll().where('id', '=', ID).executeTakeFirst();
  return (
    row && {
      passwords: row.passwords === 'owners' ? 'owners' : 'everyone',
      requireSecondFactor: fromBit(row.require_second_factor),
    }
  );
}

export async function savePolicy(db: Querier, { passwords, requireSecondFactor }: SignInPolicy): Promise<void> {
  const values = { passwords, require_second_factor: toBit(requireSecondFactor) };
  await db
    .insertInto('sign_in_policy')
    .values({ id: ID, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}
