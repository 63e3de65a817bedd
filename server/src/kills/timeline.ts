import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ActorSchema } from '../audit/schemas.ts';
import { KillCauseSchema } from './kill-cause.ts';
import { type KillRecord, Reason } from './kill-record.ts';

const Moment = Type.Optional(Type.Integer());
const Milliseconds = Type.Union([Type.Number(), Type.Null()]);
const Name = Type.Union([Type.String(), Type.Null()]);

/** How far a kill has come, over all servers. */
const ReachSchema = Type.Object({
  instances: Type.Integer(),
  confirmed: Type.Integer(),
  pending: Type.Integer(),
  unknown: Type.Integer(),
  /** From the first server's push to the receipts. */
  firstMs: Milliseconds,
  p50Ms: Milliseconds,
  p90Ms: Milliseconds,
  p99Ms: Milliseconds,
  lastMs: Milliseconds,
  /** Some of those that are pending. */
  stragglers: Type.Array(Type.Object({ id: Type.String(), app: Name, host: Name, version: Name })),
  /** Servers that did not answer. */
  incomplete: Type.Array(Type.String()),
});
export type Reach = Readonly<Static<typeof ReachSchema>>;

/** As it is stored. Times: milliseconds since 1970 by the clock of the server that killed. A newer server may say more. */
const TimelineDocument = Type.Object({
  actor: ActorSchema,
  reason: Reason,
  cause: Type.Optional(KillCauseSchema),
  receivedAtMs: Moment,
  /** Absent: the disk did not have it when it was pushed. */
  journalledAtMs: Moment,
  pushedAtMs: Moment,
  committedAtMs: Moment,
  /** Absent until it was asked for, or when the server that killed ended before. */
  reach: Type.Optional(ReachSchema),
  /** Nothing more will be known. */
  isOver: Type.Boolean(),
});

/** What is known of the way of a kill. */
export interface Timeline extends Readonly<Static<typeof TimelineDocument>> {
  readonly eventId: string;
  readonly environmentId: string;
  readonly flag: string;
  readonly epoch: number;
  readonly engagedAtMs: number;
}

/** Of a kill of which only the record is known. */
export function timelineOf({ eventId, environmentId, flag, epoch, atMs, actor, reason, cause }: KillRecord): Timeline {
  const place = { eventId, environmentId, flag, epoch, engagedAtMs: atMs };
  return { ...place, actor, reason, ...(cause === undefined ? {} : { cause }), isOver: false };
}

export function toDocument({ eventId, environmentId, flag, epoch, engagedAtMs, ...document }: Timeline): string {
  return JSON.stringify(document);
}

/** Undefined when a version that thinks otherwise wrote it. */
export function readDocument(text: string): Static<typeof TimelineDocument> | undefined {
  const document: unknown = JSON.parse(text);
  return Value.Check(TimelineDocument, document) ? document : undefined;
}

/** Whether all that were connected have confirmed, on all servers. */
export function isWhole({ pending, incomplete }: Reach): boolean {
  return pending === 0 && incomplete.length === 0;
}
