import type { Database } from '../store/tables.ts';
import { ENDED, type Phase } from './phase.ts';
import { specOf } from './release.ts';

/** Releases looked at together. */
const BATCH = 200;

/**
 * Forgets what was decided about releases that ended before a time, and what their gates came to: all of a release or
 * nothing, so that whatever is kept can be verified. The releases stay.
 * @returns of how many
 */
export async function forgetEnded(database: Database, nowMs: number, beforeMs: number): Promise<number> {
  let forgotten = 0;
  for (let afterId = ''; ; ) {
    const rows = await database
      .selectFrom('releases')
      .select(['id', 'phase', 'spec', 'updated_at'])
      .where('id', '>', afterId)
      .where('phase', 'in', ENDED)
      .where('updated_at', '<', beforeMs)
      .where(({ exists, selectFrom }) =>
        exists(selectFrom('release_decisions').select('id').whereRef('release_id', '=', 'releases.id')),
      )
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const ids = rows.filter((row) => !canGoBack(row, nowMs)).map(({ id }) => id);
    if (ids.length > 0) {
      await database.transaction().execute(async (tx) => {
        await tx.deleteFrom('release_decisions').where('release_id', 'in', ids).execute();
        await tx.deleteFrom('gate_runs').where('release_id', 'in', ids).execute();
      });
    }
    forgotten += ids.length;
    afterId = rows.at(-1)?.id ?? '';
    if (rows.length < BATCH) return forgotten;
  }
}

/** One that has succeeded may be rolled back for a while. */
function canGoBack(row: { readonly phase: string; readonly spec: string; readonly updated_at: number }, nowMs: number) {
  const phase: Phase = row.phase as Phase;
  return phase === 'succeeded' && row.updated_at + specOf(row).rollbackWindowSeconds * 1000 > nowMs;
}
