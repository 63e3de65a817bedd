import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { FlagEditSchema, SegmentEditSchema, TargetingEditSchema } from '../edits/schemas.ts';
import { RevisionSchema } from '../environments/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { ACTIONS, STATES } from './state.ts';

export const ChangeSchema = Type.Union(
  [
    Type.Object(
      {
        environment: Key,
        flag: Key,
        edits: Type.Array(refTo(TargetingEditSchema), { minItems: 1, maxItems: 1000 }),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        environment: Key,
        segment: Key,
        edits: Type.Array(refTo(SegmentEditSchema), { minItems: 1, maxItems: 1000 }),
      },
      { additionalProperties: false },
    ),
  ],
  { $id: 'ChangeOfEnvironment', description: 'Edits of a flag or segment in one environment' },
);

/** What a change request holds besides: changes that no environment keeps to itself. */
export const FlagWideChangeSchema = Type.Union(
  [
    Type.Object(
      { flag: Key, edits: Type.Array(refTo(FlagEditSchema), { minItems: 1, maxItems: 1000 }) },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        flag: Key,
        archived: Type.Boolean({ description: 'true: take it out of every environment; false: restore it' }),
      },
      { additionalProperties: false },
    ),
  ],
  { $id: 'ChangeOfFlag', description: 'Edits of what a flag is in all environments, or its archiving' },
);
const ProposedChangeSchema = Type.Union([refTo(ChangeSchema), refTo(FlagWideChangeSchema)]);

const Changes = Type.Array(ProposedChangeSchema, {
  minItems: 1,
  maxItems: 100,
  description: 'Made together: one revision for each environment, or none',
});
const Text = Type.String({ maxLength: 10_000 });
const StateSchema = oneOf(...STATES);
export const ChangeRequestSchema = Type.Object(
  {
    id: Type.String(),
    title: DisplayName,
    description: Text,
    changes: Changes,
    contentHash: Type.String({ description: 'Of the changes and what they lead to: what approvals are bound to' }),
    state: StateSchema,
    reason: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it was rejected, or does not go with what is there',
    }),
    approvals: Type.Array(
      Type.Object(
        {
          environment: Key,
          required: Type.Integer(),
          given: Type.Integer({ description: 'By others who have change:approve there now, of the present content' }),
        },
        { additionalProperties: false },
      ),
    ),
    actions: Type.Array(oneOf(...ACTIONS), { description: 'What can be done with it in its state' }),
    createdBy: ActorSchema,
    version: Type.Integer({ description: 'For If-Match' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'ChangeRequest', additionalProperties: false },
);

export const ChangeRequestInput = Type.Object(
  {
    title: DisplayName,
    description: Type.Optional(Text),
    changes: Changes,
    draft: Type.Optional(Type.Boolean({ description: 'true: nobody is asked to approve it yet' })),
  },
  { $id: 'ChangeRequestInput', additionalProperties: false },
);

export const ChangeRequestPatch = Type.Object(
  { title: Type.Optional(DisplayName), description: Type.Optional(Text), changes: Type.Optional(Changes) },
  { $id: 'ChangeRequestPatch', additionalProperties: false, minProperties: 1 },
);

const Note = Type.Object(
  { severity: oneOf('error', 'warning', 'info'), path: Type.String(), message: Type.String() },
  { additionalProperties: false },
);

export const ChangePreviewSchema = Type.Object(
  {
    isApplicable: Type.Boolean({ description: 'Nothing stands against it now, besides approvals that it lacks' }),
    contentHash: Type.String({
      description: 'Of what it would lead to now; not that of the request: it is to be rebased and approved anew',
    }),
    changes: Type.Array(
      Type.Object(
        {
          environment: Type.Union([Key, Type.Null()], { description: 'null: all of them' }),
          kind: oneOf('flag', 'segment'),
          key: Key,
          version: Type.Union([Type.Integer(), Type.Null()], { description: 'Of what is there; null: it is gone' }),
          sentences: Type.Array(Type.String(), { description: 'What would be different; none: it is so already' }),
          findings: Type.Array(Note, { description: 'Errors stand against it; the others are worth a look' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'ChangePreview', additionalProperties: false },
);

export const AppliedChangeRequest = Type.Object(
  {
    request: refTo(ChangeRequestSchema),
    revisions: Type.Record(Type.String(), refTo(RevisionSchema), {
      description: 'By environment: the revisions that it made; none where it changed nothing',
    }),
  },
  { $id: 'AppliedChangeRequest', additionalProperties: false },
);

export const ChangeRequestEntrySchema = Type.Object(
  {
    id: Type.String(),
    kind: oneOf('comment', 'approval', 'rejection'),
    by: ActorSchema,
    body: Text,
    isCurrent: Type.Boolean({
      description: 'Said of the present content: an approval of another one counts for nothing',
    }),
    createdAt: Timestamp,
  },
  { $id: 'ChangeRequestEntry', additionalProperties: false },
);

export const CommentInput = Type.Object(
  { body: Type.String({ minLength: 1, maxLength: 10_000 }) },
  { $id: 'ChangeRequestComment', additionalProperties: false },
);

export const ApprovalInput = Type.Object(
  {
    contentHash: Type.String({
      maxLength: 100,
      description: 'Of the request as you read it: no other one is approved',
    }),
    body: Type.Optional(Text),
  },
  { $id: 'ApprovalInput', additionalProperties: false },
);

export const RejectionInput = Type.Object(
  { body: Type.String({ minLength: 1, maxLength: 1000, description: 'Why' }) },
  { $id: 'RejectionInput', additionalProperties: false },
);

export const ChangeRequestParams = Type.Object(
  { project: Key, request: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export const ChangeRequestQuery = Type.Object(
  { ...PageQuery, state: Type.Optional(StateSchema) },
  { additionalProperties: false },
);
