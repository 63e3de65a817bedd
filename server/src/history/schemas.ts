import { type TSchema, Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { RevisionSchema } from '../environments/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { Moment } from '../http/moment.ts';
import { PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';

const ItemKind = oneOf('flag', 'segment', 'keys', 'layer', 'holdout');
const RevisionNumber = Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1, description: "A revision's number" });

const TouchedName = Type.Object(
  { kind: ItemKind, key: Type.String({ description: 'Of pages of keys: <segment>/<list>' }) },
  { additionalProperties: false },
);

export const PastEventSchema = Type.Object(
  {
    id: Type.String({ description: "The audit event's" }),
    action: Type.String(),
    actor: ActorSchema,
    target: Type.Object({ kind: Type.String(), key: Type.String() }, { additionalProperties: false }),
    comment: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: 'Of a kill or re-arm' })),
  },
  { $id: 'PastEvent', additionalProperties: false },
);

const pastRevision = {
  revision: refTo(RevisionSchema),
  committedAt: Timestamp,
  formerIncarnation: Type.Optional(
    Type.String({ description: 'Served under this one, too: the database was restored or copied since' }),
  ),
  itemCount: Type.Optional(Type.Integer({ description: 'How many items changed; absent: not known' })),
  put: Type.Optional(Type.Array(TouchedName, { description: 'New or changed; the first 100' })),
  deleted: Type.Optional(Type.Array(TouchedName, { description: 'No longer served; the first 100' })),
  change: Type.Optional(Type.String({ description: 'What the audit events of the change have as their `change`' })),
  events: Type.Array(refTo(PastEventSchema), { description: 'What was done; none for who may not read audit events' }),
};

export const PastRevisionSchema = Type.Object(pastRevision, { $id: 'PastRevision', additionalProperties: false });

export const PastRulesetSchema = Type.Object(
  {
    ...pastRevision,
    counts: Type.Record(Type.String(), Type.Integer(), { description: 'How many items it has of each kind' }),
    killed: Type.Array(Key, { description: 'Flags that were killed when it was committed' }),
  },
  { $id: 'PastRuleset', additionalProperties: false },
);

export const PastItemSchema = Type.Object(
  { kind: ItemKind, key: Type.String(), document: Type.Unknown({ description: 'As SDKs got it' }) },
  { $id: 'PastItem', additionalProperties: false },
);

export const RevisionDiffSchema = Type.Object(
  {
    from: refTo(RevisionSchema),
    to: refTo(RevisionSchema),
    items: Type.Array(
      Type.Object(
        {
          kind: ItemKind,
          key: Type.String({ description: 'Of pages of keys: <segment>/<list>' }),
          before: Type.Optional(Type.Unknown({ description: 'null: it was not there' })),
          after: Type.Optional(Type.Unknown({ description: 'null: it was not there any more' })),
          pages: Type.Optional(
            Type.Integer({ description: 'How many pages of keys differ; their keys are not shown' }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    more: Type.Integer({ description: 'How many differing items are not shown' }),
  },
  { $id: 'RevisionDiff', additionalProperties: false },
);

const Context = Type.Object(
  { targetingKey: Type.Optional(Type.String()) },
  { additionalProperties: true, description: 'The evaluation context: targetingKey and attributes' },
);
const Trace = Type.Boolean({ description: 'True: tell every step; for one flag only' });

const question = { flag: Type.Optional(Key), context: Context, trace: Type.Optional(Trace) };

export const EvaluateRevisionInput = Type.Object(
  {
    ...question,
    at: Type.Optional(
      Moment('The time that flags see, and of which kills are in force; when it was committed unless given'),
    ),
  },
  { $id: 'EvaluateRevisionInput', additionalProperties: false },
);
export const EvaluateMomentInput = Type.Object(
  { ...question, at: Moment('By the revision and the kills that were in force then') },
  { $id: 'EvaluateMomentInput', additionalProperties: false },
);

const answer = {
  value: Type.Optional(Type.Unknown()),
  variant: Type.Optional(Type.String()),
  reason: Type.String(),
  errorCode: Type.Optional(Type.String()),
  errorMessage: Type.Optional(Type.String()),
  metadata: Type.Record(Type.String(), Type.Unknown()),
};
const AnswerSchema = Type.Object(answer, { additionalProperties: false });

export const PastEvaluationSchema = Type.Object(
  {
    revision: refTo(RevisionSchema),
    at: Timestamp,
    answers: Type.Array(Type.Object({ flag: Key, ...answer }, { additionalProperties: false })),
    trace: Type.Optional(Type.Unknown({ description: 'Every step of the evaluation' })),
  },
  { $id: 'PastEvaluation', additionalProperties: false },
);

export const TransitionsInput = Type.Object(
  {
    flag: Key,
    context: Context,
    from: Type.Optional(RevisionNumber),
    to: Type.Optional(RevisionNumber),
  },
  { $id: 'TransitionsInput', additionalProperties: false },
);

export const TransitionsSchema = Type.Object(
  {
    from: refTo(RevisionSchema),
    to: refTo(RevisionSchema),
    until: Timestamp,
    first: AnswerSchema,
    transitions: Type.Array(
      Type.Object(
        {
          cause: oneOf('revision', 'kill', 'time'),
          at: Timestamp,
          after: Type.Optional({ ...Timestamp, description: 'Of time: it happened between this and `at`' } as TSchema),
          revision: Type.Integer({ description: 'That did it, or that was in force' }),
          change: Type.Optional(Type.String()),
          events: Type.Array(refTo(PastEventSchema)),
          was: AnswerSchema,
          became: AnswerSchema,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'Transitions', additionalProperties: false },
);

const place = { project: Key, environment: Key };
export const RevisionParams = Type.Object({ ...place, number: RevisionNumber }, { additionalProperties: false });
export const DiffParams = Type.Object(
  { ...place, number: RevisionNumber, other: RevisionNumber },
  { additionalProperties: false },
);
export const RevisionQuery = Type.Object(PageQuery, { additionalProperties: false });
export const PastItemQuery = Type.Object(
  { ...PageQuery, kind: Type.Optional(ItemKind), key: Type.Optional(Type.String({ maxLength: 300 })) },
  { additionalProperties: false },
);
