import type { Kill } from '@bunting/core';
import { fromBit, toBit } from '../store/booleans.ts';
import type { KillHistoryRow } from '../store/tables/kills.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

/** Keeps a kill or re-arm, also when a later one is stored already. */
export async function insertKillHistory(
  tx: DatabaseTransaction,
  environmentId: string,
  eventId: string,
  { flag, epoch, engaged, atMs }: Kill & { readonly atMs: number },
): Promise<void> {
  await tx
    .insertInto('kill_history')
    .values({
      event_id: eventId,
      environment_id: environmentId,
      flag_key: flag,
      epoch,
      engaged: toBit(engaged),
      at: atMs,
    })
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .execute();
}

export interface PastKill extends Kill {
  readonly atMs: number;
  readonly event: string;
}

/** Kills and re-arms up to a moment, oldest first. */
export async function findKillsUntil(db: Querier, environmentId: string, atMs: number): Promise<PastKill[]> {
  const rows = await db
    .selectFrom('kill_history')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('at', '<=', atMs)
    .orderBy('at')
    .orderBy('epoch')
    .execute();
  return rows.map(toPastKill);
}

function toPastKill({ flag_key, epoch, engaged, at, event_id }: KillHistoryRow): PastKill {
  return { flag: flag_key, epoch, engaged: fromBit(engaged), atMs: at, event: event_id };
}
