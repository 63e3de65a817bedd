import { Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { ConditionSchema } from '../flags/rule-schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { MAX_KEYS } from './choose-pages.ts';

const By = Type.String({ minLength: 1, maxLength: 200, description: 'Attribute path; targetingKey unless given' });
const When = Type.Unsafe<Parameters<typeof refTo<typeof ConditionSchema>>[0]['static']>({
  ...refTo(ConditionSchema),
  description: 'Who is in, of those whom the keys leave open',
});
const Count = Type.Integer({ minimum: 0, maximum: MAX_KEYS });

export const SegmentSchema = Type.Object(
  {
    key: Key,
    name: DisplayName,
    by: Type.Optional(By),
    when: Type.Optional(When),
    includedCount: Count,
    excludedCount: Count,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: Type.Integer({ description: 'For If-Match' }),
  },
  {
    $id: 'Segment',
    additionalProperties: false,
    description: 'Subjects: excluded keys are out, else included keys are in, else the condition decides',
  },
);

export const SegmentInput = Type.Object(
  { name: Type.Optional(DisplayName), by: Type.Optional(By), when: Type.Optional(When) },
  { $id: 'SegmentInput', additionalProperties: false, description: 'What is left out is removed; keys stay' },
);

const committed = { revision: refTo(RevisionSchema), committedAt: Timestamp };

export const SegmentChange = Type.Object(
  { segment: refTo(SegmentSchema), ...committed },
  { $id: 'SegmentChange', additionalProperties: false, description: 'A segment, and the revision that serves it so' },
);

export const SegmentDeletion = Type.Object(committed, {
  $id: 'SegmentDeletion',
  additionalProperties: false,
  description: 'The first revision without the segment',
});

export const SegmentUsesSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          kind: oneOf('flag', 'segment'),
          key: Key,
          path: Type.String({ description: 'Where in its document, such as rules[0].when.segment' }),
        },
        { additionalProperties: false },
      ),
      { description: 'The first 500' },
    ),
    total: Type.Integer({ description: 'How many there are in all' }),
  },
  { $id: 'SegmentUses', additionalProperties: false, description: 'What names a segment in its environment' },
);

/** A subject's key, as people and files give it. */
export const SubjectKey = Type.String({
  minLength: 1,
  maxLength: 1000,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  pattern: /^[^\u0000-\u001f\u007f]+$/.source,
  description: 'text of 1 to 1000 characters, none of them a control character',
});

/** Keys that one request may add or remove. */
const MAX_AT_ONCE = 10_000;
const SubjectKeys = Type.Array(SubjectKey, { maxItems: MAX_AT_ONCE });
const ListName = oneOf('included', 'excluded');

export const SegmentKeysInput = Type.Object(
  {
    list: Type.Optional(Type.Unsafe<'included' | 'excluded'>({ ...ListName, description: 'included unless given' })),
    add: Type.Optional(SubjectKeys),
    remove: Type.Optional(SubjectKeys),
  },
  { $id: 'SegmentKeysInput', additionalProperties: false },
);

export const SegmentKeysChange = Type.Object(
  {
    segment: refTo(SegmentSchema),
    added: Type.Integer({ description: 'Keys that were not in the list before' }),
    removed: Type.Integer({ description: 'Keys that were in it' }),
    ...committed,
  },
  { $id: 'SegmentKeysChange', additionalProperties: false },
);

export const SegmentKeysReplacement = Type.Object(
  {
    segment: refTo(SegmentSchema),
    added: Type.Integer({ description: 'Keys that were not in the list before' }),
    removed: Type.Integer({ description: 'Keys that were in it' }),
    received: Type.Integer({ description: 'Keys that were sent, also repeated ones' }),
    repeated: Type.Integer({ description: 'How many of these were sent before in the same request' }),
    ...committed,
  },
  { $id: 'SegmentKeysReplacement', additionalProperties: false },
);

export const SegmentQuery = Type.Object({ ...PageQuery, ...SearchQuery }, { additionalProperties: false });

const list = Type.Optional(
  Type.Unsafe<'included' | 'excluded'>({ ...ListName, description: 'Which list of keys; included unless given' }),
);
export const ListQuery = Type.Object({ list }, { additionalProperties: false });
export const KeysQuery = Type.Object(
  { list, ...PageQuery, key: Type.Optional(Type.String({ maxLength: 1000, description: 'Only this key' })) },
  { additionalProperties: false },
);

export const SegmentParams = Type.Object(
  { project: Key, environment: Key, segment: Key },
  { additionalProperties: false },
);
