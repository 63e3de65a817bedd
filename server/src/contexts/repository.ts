import type { PrivateAttributes } from '@bunting/core';
import type { DatabaseTransaction } from '../store/tables.ts';

export async function deleteSamples(tx: DatabaseTransaction, environmentIds: readonly string[]): Promise<void> {
  if (environmentIds.length === 0) return;
  await tx.deleteFrom('context_samples').where('environment_id', 'in', environmentIds).execute();
}

/** Forgets the names of attributes that are private. */
export async function deletePrivateNames(
  tx: DatabaseTransaction,
  environmentIds: readonly string[],
  privateAttributes: PrivateAttributes,
): Promise<void> {
  if (environmentIds.length === 0) return;
  const seen = await tx
    .selectFrom('attributes_seen')
    .select('path')
    .distinct()
    .where('environment_id', 'in', environmentIds)
    .execute();
  const paths = seen.map(({ path }) => path).filter((path) => privateAttributes.has(path));
  if (paths.length === 0) return;
  await tx
    .deleteFrom('attributes_seen')
    .where('environment_id', 'in', environmentIds)
    .where('path', 'in', paths)
    .execute();
}
