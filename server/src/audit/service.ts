import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { AuditEventRow, Database } from '../store/tables.ts';
import type { Actor } from './actor.ts';
import { findAuditEvents } from './repository.ts';
import type { AuditEventSchema, AuditQuery } from './schemas.ts';

export type AuditEvent = Static<typeof AuditEventSchema>;

/** Who changed what, and when. Events are written by `Draft`, in the transaction of the change itself. */
export class Audit {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list({ cursor, limit = DEFAULT_LIMIT, ...filter }: Static<typeof AuditQuery>): Promise<Page<AuditEvent>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const rows = await findAuditEvents(this.#database, { ...filter, beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(toAuditEvent) };
  }
}

function toAuditEvent(row: AuditEventRow): AuditEvent {
  return {
    id: row.id,
    at: toTimestamp(row.at),
    actor: { kind: row.actor_kind as Actor['kind'], id: row.actor_id, name: row.actor_name },
    action: row.action,
    project: row.project,
    environment: row.environment,
    target: { kind: row.target_kind, key: row.target_key },
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    requestId: row.request_id,
  };
}
