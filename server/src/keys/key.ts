import type { Static } from '@sinclair/typebox';
import { validationFailed } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { readMoment } from '../http/moment.ts';
import type { KeyRow } from '../store/tables/flags.ts';
import type { KeyKind, KnownKey } from './key-ring.ts';
import type { KeyPatch, KeySchema } from './schemas.ts';

export type SdkKey = Static<typeof KeySchema>;

/**
 * The columns of what was given.
 * @throws {ApiError} `validation_failed` for an end that is not to come, and for origins of a key that no page holds
 */
export function lifeOf(
  { expiresAt, origins }: Pick<Static<typeof KeyPatch>, 'expiresAt' | 'origins'>,
  kind: string,
  nowMs: number,
): Partial<Pick<KeyRow, 'expires_at' | 'origins'>> {
  if (origins !== undefined && origins !== null && kind !== 'client') {
    throw validationFailed([{ path: 'origins', message: `is for client keys; pages must not hold a ${kind} key` }]);
  }
  return {
    ...(expiresAt === undefined
      ? {}
      : { expires_at: expiresAt === null ? null : readEnd(expiresAt, 'expiresAt', nowMs) }),
    ...(origins === undefined ? {} : { origins: origins === null ? null : JSON.stringify(origins) }),
  };
}

/** A moment that is to come. */
export function readEnd(moment: string, path: string, nowMs: number): number {
  const endMs = readMoment(moment, path);
  if (endMs > nowMs) return endMs;
  throw validationFailed([{ path, message: 'is over; give a moment to come, or revoke the key' }]);
}

/** The earlier of two ends; null is never. */
export function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

export function isValid({ revoked_at, expires_at }: KeyRow, nowMs: number): boolean {
  return revoked_at === null && (expires_at === null || expires_at > nowMs);
}

export function toKnownKey({ id, kind, name, environment_id, expires_at, origins }: KeyRow): KnownKey {
  return {
    id,
    kind: kind as KeyKind,
    name,
    environmentId: environment_id,
    ...(expires_at === null ? {} : { expiresAtMs: expires_at }),
    ...(origins === null ? {} : { origins: JSON.parse(origins) }),
  };
}

/** What the audit log says of a key. */
export function auditOf(row: KeyRow) {
  const { kind, name, prefix, expiresAt, origins } = toSdkKey(row);
  return { kind, name, prefix, ...(expiresAt === null ? {} : { expiresAt }), ...(origins === null ? {} : { origins }) };
}

export function toSdkKey(row: KeyRow): SdkKey {
  const toTime = (timeMs: number | null) => (timeMs === null ? null : toTimestamp(timeMs));
  return {
    id: row.id,
    kind: row.kind as SdkKey['kind'],
    name: row.name,
    prefix: row.prefix,
    createdAt: toTimestamp(row.created_at),
    expiresAt: toTime(row.expires_at),
    revokedAt: toTime(row.revoked_at),
    lastUsedAt: toTime(row.last_used_at),
    origins: row.origins === null ? null : JSON.parse(row.origins),
    replaces: row.replaces,
  };
}
