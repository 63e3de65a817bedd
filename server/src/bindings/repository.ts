import { readCounter } from '../store/counters.ts';
import type { BindingRow } from '../store/tables/signals.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** What servers keep in memory of bindings and of the flags that they may name. */
export interface BookRows {
  readonly count: number;
  readonly bindings: readonly (BindingRow & { readonly project: string })[];
  /** Flags that have tags and are not archived; `tags` is JSON. */
  readonly tagged: readonly { readonly project: string; readonly key: string; readonly tags: string }[];
  readonly renamed: readonly { readonly project: string; readonly former: string; readonly key: string }[];
}

export async function readBook(db: Querier): Promise<BookRows> {
  return {
    count: await readCounter(db, 'bindings'),
    bindings: await db
      .selectFrom('bindings')
      .innerJoin('projects', 'projects.id', 'bindings.project_id')
      .selectAll('bindings')
      .select('projects.key as project')
      .orderBy('bindings.id')
      .execute(),
    tagged: await db
      .selectFrom('flags')
      .innerJoin('projects', 'projects.id', 'flags.project_id')
      .select(['projects.key as project', 'flags.key', 'flags.tags'])
      .where('flags.tags', '<>', '[]')
      .where('flags.archived_at', 'is', null)
      .orderBy('flags.key')
      .execute(),
    renamed: await db
      .selectFrom('former_flag_keys')
      .innerJoin('flags', 'flags.id', 'former_flag_keys.flag_id')
      .innerJoin('projects', 'projects.id', 'flags.project_id')
      .select(['projects.key as project', 'former_flag_keys.key as former', 'flags.key'])
      .execute(),
  };
}

interface BindingFilter {
  readonly afterKey?: string | undefined;
  readonly limit: number;
}

/** By key. */
export async function findBindings(
  db: Querier,
  projectId: string,
  { afterKey, limit }: BindingFilter,
): Promise<BindingRow[]> {
  let select = db.selectFrom('bindings').selectAll().where('project_id', '=', projectId).orderBy('key').limit(limit);
  if (afterKey !== undefined) select = select.where('key', '>', afterKey);
  return select.execute();
}

export async function findBinding(db: Querier, projectId: string, key: string): Promise<BindingRow | undefined> {
  return db
    .selectFrom('bindings')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('key', '=', key)
    .executeTakeFirst();
}

export async function insertBinding(tx: DatabaseTransaction, row: BindingRow): Promise<void> {
  await tx.insertInto('bindings').values(row).execute();
}

export async function updateBinding(tx: DatabaseTransaction, { id, ...row }: BindingRow): Promise<void> {
  await tx.updateTable('bindings').set(row).where('id', '=', id).execute();
}

export async function deleteBinding(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('bindings').where('id', '=', id).execute();
}
