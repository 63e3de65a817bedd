import type { Static } from '@sinclair/typebox';
import { toAuditEvent } from '../audit/event.ts';
import { findAuditEvents } from '../audit/repository.ts';
import { requireProject } from '../environments/service.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { readMoment } from '../http/moment.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { Database } from '../store/tables.ts';
import { RESULTS, type Result } from './intervention.ts';
import { actionOf, type Told } from './outcome-log.ts';
import type { InterventionQuery, InterventionSchema } from './schemas.ts';

export type Intervention = Static<typeof InterventionSchema>;

/** What the server did by itself, as its audit events tell. */
export class InterventionHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  async list(
    project: string,
    { cursor, limit = DEFAULT_LIMIT, environment, flag, result, by, from, until }: Static<typeof InterventionQuery>,
  ): Promise<Page<Intervention>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    await requireProject(this.#database, project);
    const rows = await findAuditEvents(this.#database, {
      ...{ project, beforeId, limit: limit + 1 },
      actions: (result === undefined ? RESULTS : [result]).map(actionOf),
      ...(environment === undefined ? {} : { environment }),
      ...(flag === undefined ? {} : { targetKind: 'flag', targetKey: flag }),
      ...(by === undefined ? {} : { actor: by }),
      ...(from === undefined ? {} : { fromMs: readMoment(from, 'from') }),
      ...(until === undefined ? {} : { untilMs: readMoment(until, 'until') }),
    });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(toIntervention) };
  }
}

function toIntervention(row: AuditEventRow): Intervention {
  const { id, at, actor, environment, target, action, after } = toAuditEvent(row);
  const { cause, ...told } = after as Told;
  const { firstBadAtMs, detectedAtMs, receivedAtMs, ...rest } = cause;
  return {
    ...{ id, at, by: actor, environment: environment ?? '', flag: target.key },
    result: action.slice(actionOf('').length) as Result,
    ...told,
    cause: {
      ...rest,
      ...(firstBadAtMs === undefined ? {} : { firstBadAt: toTimestamp(firstBadAtMs) }),
      ...(detectedAtMs === undefined ? {} : { detectedAt: toTimestamp(detectedAtMs) }),
      ...(receivedAtMs === undefined ? {} : { receivedAt: toTimestamp(receivedAtMs) }),
    },
  };
}
