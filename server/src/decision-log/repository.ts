import { GENESIS } from '../audit/chain.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { Querier } from '../store/tables.ts';

/** In one statement: databases bound the number of parameters. */
const ROWS_AT_ONCE = 500;

/** By an event's id: the hash of the event before it in its chain. All are of one chain. */
export async function findPreviousHashes(db: Querier, events: readonly AuditEventRow[]): Promise<Map<string, string>> {
  const hashes = new Map<number, string>([[0, GENESIS]]);
  const chain = events[0]?.chain ?? '';
  const places = events.flatMap(({ seq }) => (seq === null || seq === 1 ? [] : [seq - 1]));
  for (let at = 0; at < places.length; at += ROWS_AT_ONCE) {
    const rows = await db
      .selectFrom('audit_events')
      .select(['seq', 'hash'])
      .where('chain', '=', chain)
      .where('seq', 'in', places.slice(at, at + ROWS_AT_ONCE))
      .execute();
    for (const { seq, hash } of rows) if (seq !== null && hash !== null) hashes.set(seq, hash);
  }
  return new Map(events.map(({ id, seq }) => [id, hashes.get((seq ?? 0) - 1) ?? '']));
}
