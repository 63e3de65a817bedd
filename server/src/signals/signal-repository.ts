import { sql } from 'kysely';
import { containing } from '../http/page.ts';
import type { SignalEpisodeRow, SignalRow } from '../store/tables/signals.ts';
import type { Database, Querier } from '../store/tables.ts';
import type { Episode } from './to-alert.ts';

/** One that is there already was delivered again. Those of one statement must be of different deliveries. */
export async function saveSignals(db: Querier, rows: readonly SignalRow[]): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insertInto('signals')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['source_id', 'delivery_id'])
        .doUpdateSet((eb) => ({
          deliveries: eb('signals.deliveries', '+', eb.ref('excluded.deliveries')),
          last_at: eb.ref('excluded.last_at'),
        }))
        // What another server took up from the same folder is no other delivery.
        .whereRef('signals.id', '<>', 'excluded.id'),
    )
    .execute();
}

/** Rows in one statement: SQLite takes 32 766 parameters. */
const MAX_ROWS = 1_000;

export async function saveEpisodes(db: Querier, rows: readonly SignalEpisodeRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += MAX_ROWS) {
    await db
      .insertInto('signal_episodes')
      .values(rows.slice(at, at + MAX_ROWS))
      .onConflict((conflict) =>
        conflict.columns(['source_id', 'episode']).doUpdateSet((eb) => ({ last_at: eb.ref('excluded.last_at') })),
      )
      .execute();
  }
}

/** Notes what came of a signal after it was stored. */
export async function saveOutcome(db: Querier, { id, state, alerts }: SignalRow): Promise<void> {
  await db.updateTable('signals').set({ state, alerts }).where('id', '=', id).execute();
}

/** The one of a fingerprint that began last. */
export async function findLatestEpisode(
  db: Querier,
  sourceId: string,
  fingerprint: string,
): Promise<Episode | undefined> {
  const row = await db
    .selectFrom('signal_episodes')
    .select(['episode', 'starts_at'])
    .where('source_id', '=', sourceId)
    .where('fingerprint', '=', fingerprint)
    .orderBy('starts_at', 'desc')
    .executeTakeFirst();
  return row && { episode: row.episode, startsAtMs: row.starts_at };
}

export interface SignalFilter {
  readonly state?: string | undefined;
  /** What is in the alerts as they are shown, or in the note. */
  readonly search?: string | undefined;
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

/** Without bodies, newest first. */
export async function findSignals(
  db: Querier,
  sourceId: string,
  { state, search, beforeId, limit }: SignalFilter,
): Promise<Omit<SignalRow, 'body' | 'headers'>[]> {
  let select = db
    .selectFrom('signals')
    .select(['id', 'source_id', 'delivery_id', 'received_at', 'deliveries', 'last_at', 'state', 'body_bytes'])
    .select(['note', 'alerts'])
    .where('source_id', '=', sourceId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (state !== undefined) select = select.where('state', '=', state);
  if (search !== undefined && search !== '') {
    // Alerts are JSON: a quote in a label is stored with what it is escaped by. A source keeps some thousands at most.
    const inJson = containing(JSON.stringify(search).slice(1, -1));
    select = select.where(
      sql<boolean>`(lower(alerts) like ${inJson} escape '\\' or lower(note) like ${containing(search)} escape '\\')`,
    );
  }
  if (beforeId !== undefined) select = select.where('id', '<', beforeId);
  return select.execute();
}

export async function findSignal(db: Querier, sourceId: string, id: string): Promise<SignalRow | undefined> {
  return db.selectFrom('signals').selectAll().where('source_id', '=', sourceId).where('id', '=', id).executeTakeFirst();
}

/** Forgets what is older than `beforeMs`, and of each source what is more than `keep`. */
export async function forgetSignals(db: Database, beforeMs: number, keep: number): Promise<void> {
  await db.deleteFrom('signals').where('last_at', '<', beforeMs).execute();
  await db.deleteFrom('signal_episodes').where('last_at', '<', beforeMs).execute();
  for (const { id: sourceId } of await db.selectFrom('signal_sources').select('id').execute()) {
    const first = await db
      .selectFrom('signals')
      .select('id')
      .where('source_id', '=', sourceId)
      .orderBy('id', 'desc')
      .offset(keep)
      .limit(1)
      .executeTakeFirst();
    if (first === undefined) continue;
    await db.deleteFrom('signals').where('source_id', '=', sourceId).where('id', '<=', first.id).execute();
  }
}
