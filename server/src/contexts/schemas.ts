import { Type } from '@sinclair/typebox';
import { TargetingEditSchema } from '../edits/schemas.ts';
import { FlagEnvironmentPatch } from '../flags/schemas.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { MODES } from './settings-repository.ts';
import type { ContextSource } from './sink.ts';

const mode = Type.Unsafe<(typeof MODES)[number]>({
  ...oneOf(...MODES),
  description:
    'attributes: SDKs tell names and types of attributes, never values. contexts: also whole contexts, but for ' +
    'private attributes. off: nothing.',
});

export const ContextSamplingInput = Type.Object({ mode }, { $id: 'ContextSamplingInput', additionalProperties: false });

export const ContextSamplingSchema = Type.Object(
  {
    mode,
    samples: Type.Integer({ description: 'Contexts that are kept of an environment, at most' }),
    retentionHours: Type.Integer({ description: 'They are kept for so long after they were seen last' }),
  },
  { $id: 'ContextSampling', additionalProperties: false },
);

const attributes = Type.Array(
  Type.String({
    maxLength: 200,
    pattern: '^[^.]+(\\.[^.]+)*$',
    description: 'an attribute path such as user.email; all below it is private, too',
  }),
  { maxItems: 500 },
);

export const PrivateAttributesSchema = Type.Object(
  { attributes, version: Type.Integer({ minimum: 0, description: 'For If-Match' }) },
  { $id: 'PrivateAttributes', additionalProperties: false },
);

export const PrivateAttributesInput = Type.Object(
  { attributes },
  { $id: 'PrivateAttributesInput', additionalProperties: false },
);

const Source = Type.Unsafe<ContextSource>({
  ...oneOf('server', 'page'),
  description: 'server: told by an SDK with a server key. page: by a page, which can make up any.',
});

/** The name of a subject: a hash of its targeting key. */
export const Subject = Type.String({ pattern: '^[\\w-]{43}$', description: 'the subject of a context in the list' });

export const AttributeSchema = Type.Object(
  {
    path: Type.String({ description: 'As conditions name it' }),
    type: Type.String({ description: 'string, number, boolean, object, list, or list of one of these' }),
    source: Source,
    firstSeenAt: Timestamp,
    lastSeenAt: Timestamp,
  },
  { $id: 'Attribute', additionalProperties: false },
);

export const ContextSchema = Type.Object(
  {
    subject: Subject,
    source: Source,
    context: Type.Object({}, { additionalProperties: true, description: 'Without its private attributes' }),
    cut: Type.Boolean({ description: 'True: the context was larger, and some of it was left out' }),
    count: Type.Integer({ description: 'How often it was sampled, which is much less often than it was used' }),
    firstSeenAt: Timestamp,
    lastSeenAt: Timestamp,
  },
  { $id: 'Context', additionalProperties: false },
);

export const ContextsQuery = Type.Object(
  { ...PageQuery, ...SearchQuery, source: Type.Optional(Source) },
  { additionalProperties: false },
);

export const ErasureInput = Type.Object(
  { targetingKey: Type.String({ minLength: 1, maxLength: 10_000 }) },
  { $id: 'ErasureInput', additionalProperties: false },
);
export const ErasureSchema = Type.Object(
  { erased: Type.Boolean({ description: 'False: nothing was stored of it' }) },
  { $id: 'Erasure', additionalProperties: false },
);

export const PreviewInput = Type.Object(
  {
    changes: Type.Array(
      Type.Object(
        {
          flag: Key,
          targeting: Type.Optional(refTo(FlagEnvironmentPatch)),
          edits: Type.Optional(Type.Array(refTo(TargetingEditSchema), { minItems: 1, maxItems: 1000 })),
        },
        { additionalProperties: false, description: 'Either targeting, as in a PATCH of the flag, or edits' },
      ),
      { minItems: 1, maxItems: 50 },
    ),
  },
  { $id: 'PreviewInput', additionalProperties: false },
);

const Answer = Type.Object(
  {
    variant: Type.Union([Type.String(), Type.Null()], {
      description: 'null: an error; the code serves its own default',
    }),
    value: Type.Unknown(),
    reason: Type.String(),
    errorCode: Type.Optional(Type.String()),
    ruleId: Type.Optional(Type.String({ description: 'The rule that decided' })),
    cause: Type.Optional(Type.String({ description: 'Such as off, kill, prerequisite or target' })),
  },
  { additionalProperties: false },
);

export const PreviewSchema = Type.Object(
  {
    mode: oneOf(...MODES),
    sampled: Type.Integer({ description: 'Contexts that were evaluated; 0 where no contexts are sampled' }),
    cut: Type.Integer({ description: 'Of these, how many were cut for their size: they may be served otherwise' }),
    retentionHours: Type.Integer({ description: 'All of them were seen in so many hours' }),
    moved: Type.Integer({ description: 'Contexts that some flag answers otherwise' }),
    flagsLeftOut: Type.Integer({ description: 'Flags that depend on a changed one and were too many to compare' }),
    flags: Type.Array(
      Type.Object(
        {
          flag: Key,
          moved: Type.Integer(),
          moves: Type.Array(
            Type.Object(
              {
                before: Answer,
                after: Answer,
                contexts: Type.Integer(),
                examples: Type.Array(
                  Type.Object(
                    { subject: Subject, context: Type.Object({}, { additionalProperties: true }) },
                    { additionalProperties: false },
                  ),
                  { description: '5 at most' },
                ),
              },
              { additionalProperties: false },
            ),
            { description: 'Those of the most contexts first; 100 at most' },
          ),
        },
        { additionalProperties: false, description: 'Changed, or depending on a changed flag' },
      ),
    ),
  },
  { $id: 'Preview', additionalProperties: false },
);
