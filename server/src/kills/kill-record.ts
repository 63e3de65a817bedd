import { type Kill, outranks } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import { ActorSchema, OriginSchema } from '../audit/schemas.ts';
import { Key } from '../http/key-schema.ts';
import { newId } from '../store/new-id.ts';
import { type KillCause, KillCauseSchema, toKillCause } from './kill-cause.ts';

/** A flag cannot be killed and re-armed this often, so an epoch past it is a mistake or an attack. */
const MAX_EPOCH = Number.MAX_SAFE_INTEGER - 1;

export const Reason = Type.String({
  minLength: 1,
  maxLength: 500,
  // Something to read, and no NUL, which PostgreSQL cannot store.
  pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
  description: 'why, in 1 to 500 characters',
});

/** A kill or re-arm with who did it and why: what servers tell each other. A newer server may say more. */
export const KillRecordSchema = Type.Object({
  environmentId: Type.String({ maxLength: 100 }),
  flag: Key,
  epoch: Type.Integer({ minimum: 1, maximum: MAX_EPOCH }),
  engaged: Type.Boolean(),
  /** The audit event that tells of it: the same on every server, so that it is told once. */
  eventId: Type.String({ minLength: 1, maxLength: 100 }),
  atMs: Type.Integer({ minimum: 0 }),
  actor: ActorSchema,
  requestId: Type.Union([Type.String({ maxLength: 100 }), Type.Null()]),
  /** Not kept beside the kill: it is in the audit event. */
  origin: Type.Optional(OriginSchema),
  reason: Reason,
  /** Not kept beside the kill, but in its timeline. Absent: a person or program asked for it. */
  cause: Type.Optional(KillCauseSchema),
});
export type KillRecord = Readonly<Static<typeof KillRecordSchema>> & Kill;

/**
 * Whether `record` stands in place of `known`: a later one does, and of two servers' kills under one epoch the one that
 * was told first, so that all servers end with the same reason and name.
 */
export function replaces(record: KillRecord, known: KillRecord | undefined): boolean {
  if (known === undefined || outranks(record, known)) return true;
  return record.epoch === known.epoch && record.engaged === known.engaged && record.eventId < known.eventId;
}

export function newRecord(
  { actor, requestId, origin }: Caller,
  { environmentId }: Pick<KillRecord, 'environmentId'>,
  kill: Pick<KillRecord, 'flag' | 'epoch' | 'engaged' | 'reason'>,
  atMs: number,
  cause?: KillCause,
): KillRecord {
  const by = { actor, requestId: requestId ?? null, ...(origin === undefined ? {} : { origin }) };
  const why = cause === undefined ? {} : { cause: toKillCause(cause) };
  return { environmentId, ...kill, eventId: newId(atMs), atMs, ...by, ...why };
}
