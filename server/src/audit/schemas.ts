import { Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { Moment } from '../http/moment.ts';
import { PageQuery } from '../http/page.ts';

const Nullable = Type.Union([Type.String(), Type.Null()]);
const Hash = Type.String({ description: 'SHA-256, hexadecimal' });

export const ActorSchema = Type.Object(
  { kind: oneOf('user', 'key', 'system', 'signal', 'safeguard'), id: Type.String(), name: Type.String() },
  { additionalProperties: false },
);

export const OriginSchema = Type.Object({
  address: Type.String({ maxLength: 100 }),
  userAgent: Type.Optional(Type.String({ maxLength: 300 })),
});

const EventRevisionSchema = Type.Object(
  { environment: Key, incarnation: Type.String(), number: Type.Integer(), hash: Type.String() },
  { additionalProperties: false },
);

export const AuditEventSchema = Type.Object(
  {
    chain: Type.Union([Type.String(), Type.Null()], {
      description: 'project:<key> or installation; null for a moment after a server of an earlier version wrote it',
    }),
    seq: Type.Union([Type.Integer(), Type.Null()], { description: 'Its place in the chain, from 1 without gaps' }),
    id: Type.String(),
    at: Timestamp,
    actor: ActorSchema,
    action: Type.String({ description: 'Such as flag.created' }),
    project: Nullable,
    environment: Nullable,
    target: Type.Object({ kind: Type.String(), key: Type.String() }, { additionalProperties: false }),
    before: Type.Unknown({
      description: 'null when there was nothing before; of large documents the fields that differ',
    }),
    after: Type.Unknown({ description: 'null when nothing is left' }),
    requestId: Nullable,
    change: Type.Optional(
      Type.String({ description: 'Names what was done in one step: the same for all of its events and revisions' }),
    ),
    revisions: Type.Optional(
      Type.Array(EventRevisionSchema, { description: 'What environments have served since; none when it is absent' }),
    ),
    comment: Type.Optional(Type.String({ description: 'Why' })),
    origin: Type.Optional(
      Type.Object(
        {
          digest: Hash,
          salt: Type.Optional(Type.String()),
          address: Type.Optional(Type.String()),
          userAgent: Type.Optional(Type.String()),
        },
        { additionalProperties: false, description: 'From where; the digest alone when the rest was erased' },
      ),
    ),
    hash: Type.Union([Hash, Type.Null()], { description: 'Of this event and the hash before it in the chain' }),
  },
  { $id: 'AuditEvent', additionalProperties: false },
);

const AUDIT_FILTER = {
  project: Type.Optional(Key),
  environment: Type.Optional(Key),
  flag: Type.Optional(Key),
  targetKind: Type.Optional(Type.String({ maxLength: 50, description: 'Such as segment' })),
  target: Type.Optional(Type.String({ maxLength: 200, description: "The target's key" })),
  actor: Type.Optional(Type.String({ maxLength: 100, description: 'Id of a user or key' })),
  action: Type.Optional(Type.String({ maxLength: 100, description: 'Such as flag.created' })),
  change: Type.Optional(Type.String({ maxLength: 100 })),
  from: Type.Optional(Moment('Events at or after this moment')),
  until: Type.Optional(Moment('Events before this moment')),
  search: Type.Optional(
    Type.String({
      maxLength: 200,
      description: "Only what has this text in the target's key, the actor's name, the action or the comment",
    }),
  ),
};

export const AuditTableQuery = Type.Object(AUDIT_FILTER, { additionalProperties: false });
const Order = Type.Unsafe<'oldest' | 'newest'>({
  ...oneOf('oldest', 'newest'),
  description: 'Which come first; oldest unless given',
});

export const CheckpointQuery = Type.Object(
  { ...PageQuery, order: Type.Optional(Order) },
  { additionalProperties: false },
);
export const AuditExportQuery = Type.Object({ project: Type.Optional(Key) }, { additionalProperties: false });

export const AuditQuery = Type.Object({ ...PageQuery, ...AUDIT_FILTER }, { additionalProperties: false });

export const AuditEventParams = Type.Object(
  { event: Type.String({ maxLength: 100, description: "The event's id" }) },
  { additionalProperties: false },
);

const ChainEndSchema = { seq: Type.Integer(), hash: Hash };

export const CheckpointSchema = Type.Object(
  {
    number: Type.Integer({ description: 'From 1, without gaps' }),
    at: Timestamp,
    heads: Type.Array(Type.Object({ chain: Type.String(), ...ChainEndSchema }, { additionalProperties: false })),
    previous: Type.String({ description: 'The hash of the checkpoint before it' }),
    publicKey: Type.String({ description: 'Ed25519, base64url' }),
    signature: Type.String({ description: 'Of the canonical JSON (RFC 8785) of all the rest, base64url' }),
  },
  { $id: 'AuditCheckpoint', additionalProperties: false, description: 'Where all chains ended at a moment, signed' },
);

export const VerificationSchema = Type.Object(
  {
    intact: Type.Boolean({ description: 'True: nothing was found that is not as it was written' }),
    chains: Type.Array(
      Type.Object(
        {
          chain: Type.String(),
          events: Type.Integer(),
          end: Type.Object(ChainEndSchema, { additionalProperties: false }),
          problems: Type.Array(
            Type.Object(
              { seq: Type.Integer(), event: Type.Optional(Type.String()), message: Type.String() },
              { additionalProperties: false },
            ),
          ),
          anchor: Type.Union([
            Type.Object(
              { seq: Type.Integer(), checkpoint: Type.Integer(), at: Timestamp },
              { additionalProperties: false, description: 'Up to here it is as it was when a checkpoint was signed' },
            ),
            Type.Null(),
          ]),
        },
        { additionalProperties: false },
      ),
    ),
    checkpoints: Type.Integer(),
    publicKeys: Type.Array(Type.String()),
    problems: Type.Array(
      Type.Object({ checkpoint: Type.Integer(), message: Type.String() }, { additionalProperties: false }),
    ),
    findings: Type.Array(Type.String(), { description: 'What it proves and what it does not, in sentences' }),
  },
  { $id: 'AuditVerification', additionalProperties: false },
);
