import type { SecondFactorRow } from '../store/tables/access.ts';
import type { Querier } from '../store/tables.ts';

export async function findSecondFactor(db: Querier, userId: string): Promise<SecondFactorRow | undefined> {
  return db.selectFrom('second_factors').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** Takes the place of one that was not confirmed. */
export async function replaceSecondFactor(db: Querier, row: SecondFactorRow): Promise<void> {
  await deleteSecondFactor(db, row.user_id);
  await db.insertInto('second_factors').values(row).execute();
}

export async function confirmSecondFactor(db: Querier, userId: string, atMs: number): Promise<void> {
  await db.updateTable('second_factors').set({ confirmed_at: atMs }).where('user_id', '=', userId).execute();
}

/** Uses a time step up, with all before it. @returns false when it was used already */
export async function useStep(db: Querier, userId: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('second_factors')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('last_step', '<', step)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** @returns whether there was one */
export async function deleteSecondFactor(db: Querier, userId: string): Promise<boolean> {
  await db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  const { numDeletedRows } = await db.deleteFrom('second_factors').where('user_id', '=', userId).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function replaceRecoveryCodes(db: Querier, userId: string, hashes: readonly string[]): Promise<void> {
  await db.deleteFrom('recovery_codes').where('user_id', '=', userId).execute();
  await db
    .insertInto('recovery_codes')
    .values(hashes.map((code_hash) => ({ user_id: userId, code_hash })))
    .execute();
}

/** Uses a recovery code up. @returns false when there is none such */
export async function useRecoveryCode(db: Querier, userId: string, hash: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('recovery_codes')
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function countRecoveryCodes(db: Querier, userId: string): Promise<number> {
  const { count } = await db
    .selectFrom('recovery_codes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(count);
}
