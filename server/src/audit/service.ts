import { Readable } from 'node:stream';
import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Place } from '../access/permissions.ts';
import { notFound, validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { readMoment } from '../http/moment.ts';
import { DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { Database } from '../store/tables.ts';
import type { Caller } from './actor.ts';
import { chainOf, INSTALLATION_CHAIN, projectOf } from './chain.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { findCheckpoints, findLastCheckpoints } from './checkpoint-repository.ts';
import { type AuditEvent, toAuditEvent } from './event.ts';
import { exportChains, exportTable } from './export.ts';
import { type AuditFilter, findAuditEvent, findAuditEvents } from './repository.ts';
import type { AuditQuery, CheckpointQuery, VerificationSchema } from './schemas.ts';
import { type Verification, verifyAudit } from './verification.ts';

/** Who changed what, and when. Events are written by `Draft`, in the transaction of the change itself. */
export class Audit {
  readonly #database: Database;
  readonly #now: () => number;
  #verifying: Promise<Verification> | undefined;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
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

  /** Events of the same target that came after one, newest first; the last 200 at most. */
  async findLater({ project, target, seq }: AuditEvent): Promise<AuditEvent[]> {
    const filter = { project: project ?? undefined, targetKind: target.kind, targetKey: target.key };
    const rows = await findAuditEvents(this.#database, { ...filter, limit: 200 });
    return rows.filter((row) => (row.seq ?? 0) > (seq ?? 0)).map(toAuditEvent);
  }

  /** Recomputes the chains that the caller may see. */
  async verify(caller: Caller): Promise<Static<typeof VerificationSchema>> {
    // Who asks meanwhile shares the answer: it reads every event.
    this.#verifying ??= verifyAudit(this.#database).finally(() => (this.#verifying = undefined));
    const { chains, problems, findings, ...rest } = await this.#verifying;
    const isSeen = chainFilter(caller);
    const isAll = caller.can('audit:read', {});
    return {
      ...rest,
      chains: chains
        .filter(({ chain }) => isSeen(chain))
        .map(({ end, problems: found, anchor, ...chain }) => ({
          ...chain,
          end: { ...end },
          problems: [...found],
          anchor: anchor ?? null,
        })),
      problems: isAll ? [...problems] : [],
      findings: findings.filter((finding) => isAll || isSeen(finding.split(': ', 1)[0] ?? '')),
      publicKeys: [...rest.publicKeys],
    };
  }

  /** Whole chains, for the script that verifies them elsewhere. @param project the only one wanted */
  async exportChains(caller: Caller, project: string | undefined): Promise<Readable> {
    if (project !== undefined) requirePermission(caller, 'audit:read', { project });
    const isSeen = chainFilter(caller);
    const isWanted = (chain: string) => isSeen(chain) && (project === undefined || chain === chainOf({ project }));
    // They name every project.
    const hasCheckpoints = caller.can('audit:read', {});
    return Readable.from(exportChains(this.#database, toTimestamp(this.#now()), isWanted, hasCheckpoints));
  }

  /** The events of a query as CSV. */
  async exportTable(caller: Caller, query: FilterInput): Promise<Readable> {
    const filter = { ...toFilter(query), projects: projectsFor(caller, query) };
    return Readable.from(exportTable(this.#database, filter));
  }

  async listCheckpoints({
    cursor,
    limit = DEFAULT_LIMIT,
    order = 'oldest',
  }: Static<typeof CheckpointQuery>): Promise<Page<Checkpoint>> {
    const [last] = readCursor(cursor, ['number']) ?? [];
    const rows =
      order === 'oldest'
        ? await findCheckpoints(this.#database, last ?? 0, limit + 1)
        : await findLastCheckpoints(this.#database, last, limit + 1);
    const page = toPage(rows, limit, ({ number }) => [number]);
    return { ...page, items: page.items.map(({ document }) => readCheckpoint(document)) };
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

/** Which chains a caller may see. */
function chainFilter(caller: Caller): (chain: string) => boolean {
  return (chain) => caller.can('audit:read', chain === INSTALLATION_CHAIN ? {} : { project: projectOf(chain) });
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
