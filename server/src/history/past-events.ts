import type { Static } from '@sinclair/typebox';
import type { Actor, Caller } from '../audit/actor.ts';
import { findEventsOf } from '../audit/repository.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { Database } from '../store/tables.ts';
import type { PastEventSchema } from './schemas.ts';

export type PastEvent = Static<typeof PastEventSchema>;

interface Place {
  readonly project: string;
  readonly environment: string;
}

/** What was done, by the ids of changes and of single events; nothing for who may not read audit events of the place. */
export async function findPastEvents(
  database: Database,
  caller: Caller,
  place: Place,
  ids: { readonly changes: readonly string[]; readonly events?: readonly string[] },
): Promise<(id: string | null | undefined) => PastEvent[]> {
  if (!caller.can('audit:read', place)) return () => [];
  const rows = await findEventsOf(database, ids.changes, ids.events ?? []);
  return (id) => rows.filter((row) => id === row.change_id || id === row.id).map(toPastEvent);
}

function toPastEvent(row: AuditEventRow): PastEvent {
  const { reason } = (row.after === null ? {} : JSON.parse(row.after)) as { reason?: unknown };
  return {
    id: row.id,
    action: row.action,
    actor: { kind: row.actor_kind as Actor['kind'], id: row.actor_id, name: row.actor_name },
    target: { kind: row.target_kind, key: row.target_key },
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}
