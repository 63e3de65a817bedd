import { readCounter } from '../store/counters.ts';
import type { SignalSourceRow } from '../store/tables/signals.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** With the key of its project. */
export type SourceWithProject = SignalSourceRow & { readonly project: string | null };

function selectSources(db: Querier) {
  return db
    .selectFrom('signal_sources')
    .leftJoin('projects', 'projects.id', 'signal_sources.project_id')
    .selectAll('signal_sources')
    .select('projects.key as project');
}

export async function findSource(db: Querier, key: string): Promise<SourceWithProject | undefined> {
  return selectSources(db).where('signal_sources.key', '=', key).executeTakeFirst();
}

export interface SourceFilter {
  /** Those of these projects; undefined: of all. */
  readonly projects: readonly string[] | undefined;
  /** Whether those of the installation are wanted, too. */
  readonly ofInstallation: boolean;
  readonly afterKey?: string | undefined;
  readonly limit: number;
}

/** By key. */
export async function findSources(
  db: Querier,
  { projects, ofInstallation, afterKey, limit }: SourceFilter,
): Promise<SourceWithProject[]> {
  let select = selectSources(db).orderBy('signal_sources.key').limit(limit);
  if (afterKey !== undefined) select = select.where('signal_sources.key', '>', afterKey);
  return select
    .where((eb) =>
      eb.or([
        ...(ofInstallation ? [eb('signal_sources.project_id', 'is', null)] : []),
        projects === undefined
          ? eb('signal_sources.project_id', 'is not', null)
          : projects.length === 0
            ? eb.lit(false)
            : eb('projects.key', 'in', projects),
      ]),
    )
    .execute();
}

/** All of them, and the count of the latest change. */
export async function readSources(tx: DatabaseTransaction): Promise<{ rows: SourceWithProject[]; count: number }> {
  return { rows: await selectSources(tx).execute(), count: await readCounter(tx, 'signal-sources') };
}

export async function insertSource(tx: DatabaseTransaction, row: SignalSourceRow): Promise<void> {
  await tx.insertInto('signal_sources').values(row).execute();
}

export async function updateSource(
  tx: DatabaseTransaction,
  id: string,
  columns: Partial<SignalSourceRow>,
): Promise<void> {
  await tx.updateTable('signal_sources').set(columns).where('id', '=', id).execute();
}

export async function deleteSource(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('signal_sources').where('id', '=', id).execute();
}
