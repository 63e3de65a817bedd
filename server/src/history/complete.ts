import { sql } from 'kysely';
import { lockEnvironment } from '../rulesets/repository.ts';
import type { Database } from '../store/tables.ts';
import { findUnknownHeads, saveHead } from './repository.ts';

/**
 * Adds to the history where environments and kills are now, when it does not know: after a restore or copy, which gives
 * environments new incarnations, and after servers of a version without a history.
 */
export async function completeHistory(database: Database): Promise<void> {
  for (const environmentId of await findUnknownHeads(database)) {
    await database.transaction().execute(async (tx) => {
      await lockEnvironment(tx, environmentId);
      await saveHead(tx, environmentId);
    });
  }
  await sql`insert into kill_history (event_id, environment_id, flag_key, epoch, engaged, at)
    select event_id, environment_id, flag_key, epoch, engaged, at from kills where true
    on conflict (event_id) do nothing`.execute(database);
}
