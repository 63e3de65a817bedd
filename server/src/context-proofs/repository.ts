import type { ContextProofSecretRow } from '../store/tables/contexts.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export type ContextProofMode = 'off' | 'required';

export async function findMode(db: Querier, environmentId: string): Promise<ContextProofMode> {
  const select = db.selectFrom('context_proofs').select('mode').where('environment_id', '=', environmentId);
  return ((await select.executeTakeFirst())?.mode ?? 'off') as ContextProofMode;
}

export async function saveMode(tx: DatabaseTransaction, environmentId: string, mode: ContextProofMode): Promise<void> {
  await tx
    .insertInto('context_proofs')
    .values({ environment_id: environmentId, mode })
    .onConflict((conflict) => conflict.column('environment_id').doUpdateSet({ mode }))
    .execute();
}

/** Newest first. */
export async function findSecrets(db: Querier, environmentId: string): Promise<ContextProofSecretRow[]> {
  return db
    .selectFrom('context_proof_secrets')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('id', 'desc')
    .execute();
}

export async function insertSecret(tx: DatabaseTransaction, row: ContextProofSecretRow): Promise<void> {
  await tx.insertInto('context_proof_secrets').values(row).execute();
}

export async function deleteSecret(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('context_proof_secrets').where('id', '=', id).execute();
}

/** Of all environments. */
export async function findAllProofs(db: Querier) {
  return {
    modes: await db.selectFrom('context_proofs').selectAll().execute(),
    secrets: await db.selectFrom('context_proof_secrets').selectAll().orderBy('id', 'desc').execute(),
  };
}
