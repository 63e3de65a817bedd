import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Place } from '../access/permissions.ts';
import { notFound, validationFailed } from '../http/api-error.ts';
import { readMoment } from '../http/moment.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { AuditEventRow, Database } from '../store/tables.ts';
import type { Caller } from './actor.ts';
import { type AuditEvent, toAuditEvent } from './event.ts';
import { type AuditFilter, findAuditEvent, findAuditEvents } from './repository.ts';
import type { AuditQuery } from './schemas.ts';

/** Who changed what, and when. Events are written by `Draft`, in the transaction of the change itself. */
export class Audit {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Of what the caller may see. @throws {ApiError} `forbidden`, `not_found` for a place that they may not look into */
  async list(
    caller: Caller,
    { cursor, limit = DEFAULT_LIMIT, ...query }: Static<typeof AuditQuery>,
  ): Promise<Page<AuditEvent>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    const filter = { ...toFilter(query), projects: projectsFor(caller, query) };
    const rows = await findAuditEvents(this.#database, { ...filter, beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(toAuditEvent) };
  }

  /** @throws {ApiError} `not_found`, also when the caller may not see it */
  async get(caller: Caller, id: string): Promise<AuditEvent> {
    const row = await findAuditEvent(this.#database, id);
    if (row === undefined || !caller.can('audit:read', placeOf(row))) throw notFound(`audit event "${id}"`);
    return toAuditEvent(row);
  }
}

/** The projects whose events the caller may see; undefined: all that the query asks for. */
function projectsFor(
  caller: Caller,
  { project, environment }: { readonly project?: string; readonly environment?: string },
): readonly string[] | undefined {
  if (project === undefined) return caller.projectsWith('audit:read');
  requirePermission(caller, 'audit:read', environment === undefined ? { project } : { project, environment });
  return undefined;
}

function placeOf({ project, environment }: AuditEventRow): Place {
  return {
    ...(project === null ? {} : { project }),
    ...(environment === null ? {} : { environment }),
  };
}

type FilterInput = Omit<Static<typeof AuditQuery>, 'cursor' | 'limit'>;

/** @throws {ApiError} `validation_failed` when two filters contradict each other */
function toFilter({ flag, targetKind, target, from, until, ...filter }: FilterInput): AuditFilter {
  if (flag !== undefined && (targetKind !== undefined || target !== undefined)) {
    throw validationFailed([{ path: 'flag', message: 'means targetKind=flag and target; give one or the other' }]);
  }
  return {
    ...filter,
    ...(flag === undefined ? { targetKind, targetKey: target } : { targetKind: 'flag', targetKey: flag }),
    ...(from === undefined ? {} : { fromMs: readMoment(from, 'from') }),
    ...(until === undefined ? {} : { untilMs: readMoment(until, 'until') }),
  };
}
