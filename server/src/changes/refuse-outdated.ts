import { ApiError } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { Querier } from '../store/tables.ts';

/** Something that has a version, as it is now and as audit events name it. */
export interface Versioned {
  /** Absent: it is of the installation. */
  readonly project?: string;
  /** Absent: it is the same in all environments. */
  readonly environment?: string;
  readonly target: { readonly kind: string; readonly key: string };
  readonly version: number;
}

/** More changes are not told: who is so far behind reads it anew anyway. */
const MAX_CHANGES = 20;

/**
 * Refuses a change by someone who has not seen the present version, and says what was changed since, by whom and when.
 * @param ifVersion the version that the caller has seen; undefined: it does not matter
 * @throws {ApiError} `version_mismatch`
 */
export async function refuseOutdated(db: Querier, ifVersion: number | undefined, present: Versioned): Promise<void> {
  const { version } = present;
  if (ifVersion === undefined || ifVersion === version) return;
  const events = await findEventsSince(db, present, ifVersion);
  const [latest] = events;
  const who = latest === undefined ? '' : ` It was changed by ${latest.actor_name} at ${toTimestamp(latest.at)}.`;
  throw new ApiError(
    'version_mismatch',
    `It is at version ${version} now, not ${ifVersion}.${who} Read it again, then repeat your change.`,
    { version, ...(latest === undefined ? {} : { updatedAt: toTimestamp(latest.at) }), changes: events.map(toChange) },
  );
}

/** What was changed since a version: by whom, when, why and which fields; newest first. */
export async function findChangesSince(db: Querier, present: Versioned, version: number) {
  return (await findEventsSince(db, present, version)).map(toChange);
}

/** Newest first. */
async function findEventsSince(
  db: Querier,
  { project, environment, target }: Versioned,
  ifVersion: number,
): Promise<AuditEventRow[]> {
  const events = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('project', project === undefined ? 'is' : '=', project ?? null)
    .where('target_kind', '=', target.kind)
    .where('target_key', '=', target.key)
    .where('environment', environment === undefined ? 'is' : '=', environment ?? null)
    .orderBy('id', 'desc')
    .limit(MAX_CHANGES)
    .execute();
  const seen = events.findIndex(({ after }) => versionOf(after) <= ifVersion);
  return seen < 0 ? events : events.slice(0, seen);
}

function toChange({ at, actor_kind, actor_name, action, comment, before, after }: AuditEventRow) {
  return {
    at: toTimestamp(at),
    actor: { kind: actor_kind, name: actor_name },
    action,
    ...(comment === null ? {} : { comment }),
    fields: differingFields(before, after),
  };
}

/** The names of the fields that an event changed; what counts changes is left out. */
function differingFields(before: string | null, after: string | null): string[] {
  const [was, is] = [read(before), read(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => name !== 'version' && name !== 'updatedAt' && JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  );
}

/** Of what has no version nobody knows whether it has been seen. */
function versionOf(document: string | null): number {
  const { version } = read(document);
  return typeof version === 'number' ? version : Number.POSITIVE_INFINITY;
}

function read(document: string | null): Readonly<Record<string, unknown>> {
  const value: unknown = document === null ? {} : JSON.parse(document);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
