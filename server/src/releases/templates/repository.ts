import type { ReleaseTemplateRow } from '../../store/tables/releases.ts';
import type { DatabaseTransaction, Querier } from '../../store/tables.ts';

/** By key. */
export async function findTemplates(db: Querier, projectId: string): Promise<ReleaseTemplateRow[]> {
  return db.selectFrom('release_templates').selectAll().where('project_id', '=', projectId).orderBy('key').execute();
}

/** Makes it, or replaces it. */
export async function saveTemplate(tx: DatabaseTransaction, row: ReleaseTemplateRow): Promise<void> {
  const { definition, updated_at } = row;
  await tx
    .insertInto('release_templates')
    .values(row)
    .onConflict((conflict) => conflict.columns(['project_id', 'key']).doUpdateSet({ definition, updated_at }))
    .execute();
}

export async function deleteTemplate(tx: DatabaseTransaction, projectId: string, key: string): Promise<void> {
  await tx.deleteFrom('release_templates').where('project_id', '=', projectId).where('key', '=', key).execute();
}
