import type { BucketRange, Condition, Json } from '@bunting/core';
import { BUCKET_COUNT, MAX_HOLD_CAUSES } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { Key } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { refTo } from '../http/ref.ts';

/** The shapes of targeting as they are stored and travel; what they mean is checked by core's `checkFlag`. */

export const JsonSchema = Type.Unsafe<Json>(Type.Unknown({ description: 'Any JSON value' }));
export const VariantName = Type.String({ minLength: 1, maxLength: 100 });

const VersionFloor = Type.Object(
  { attribute: Type.String({ maxLength: 200 }), atLeast: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export const VariantSchema = Type.Object(
  { name: VariantName, value: JsonSchema, requires: Type.Optional(VersionFloor) },
  { $id: 'Variant', additionalProperties: false },
);

export const TargetSchema = Type.Object(
  {
    attribute: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Attribute path; targetingKey unless given' }),
    ),
    values: Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), { maxItems: 100_000 }),
    variant: VariantName,
  },
  { $id: 'Target', additionalProperties: false, description: 'Subjects that are served one variant' },
);

export const PrerequisiteSchema = Type.Object(
  {
    flag: Key,
    state: Type.Optional(oneOf('on', 'off')),
    variants: Type.Optional(Type.Array(VariantName, { minItems: 1, maxItems: 1000 })),
    values: Type.Optional(Type.Array(JsonSchema, { minItems: 1, maxItems: 1000 })),
  },
  {
    $id: 'Prerequisite',
    additionalProperties: false,
    description: 'What another flag must answer for the same context: exactly one of state, variants and values',
  },
);

const Bucket = Type.Integer({ minimum: 0, maximum: BUCKET_COUNT });

export const BucketRangeSchema = Type.Unsafe<BucketRange>(
  Type.Object(
    { variant: VariantName, from: Bucket, to: Bucket },
    { $id: 'BucketRange', additionalProperties: false, description: 'The buckets from <= b < to' },
  ),
);

const splitFields = {
  by: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'Attribute path; targetingKey unless given' }),
  ),
  seed: Type.Optional(Type.String({ maxLength: 200, description: "The flag's bucketKey unless given" })),
  layer: Type.Optional(Type.String({ maxLength: 100, description: 'Key of a mutual-exclusion layer' })),
  bucketer: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'How a subject becomes a bucket: native, the default, or given: five digits are one',
    }),
  ),
};

const Ranges = Type.Array(refTo(BucketRangeSchema));

const AtMs = Type.Number({ description: 'Milliseconds since 1970, UTC' });

const ScheduleStep = Type.Object(
  {
    atMs: AtMs,
    ranges: Ranges,
    linear: Type.Optional(Type.Boolean({ description: 'True: the bounds move here in a straight line' })),
  },
  { additionalProperties: false },
);

const Schedule = Type.Array(ScheduleStep, { maxItems: 1000 });

export const HoldCauseSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 300, description: 'Unique among the causes' }),
    by: Type.String({ maxLength: 300, description: 'A name for people' }),
    reason: Type.String({ maxLength: 1000 }),
  },
  { additionalProperties: false },
);

const Held = Type.Object(
  {
    atMs: AtMs,
    schedule: Schedule,
    causes: Type.Optional(
      Type.Array(Type.Object({ ...HoldCauseSchema.properties, atMs: AtMs }, { additionalProperties: false }), {
        minItems: 1,
        maxItems: MAX_HOLD_CAUSES,
        description: 'Each holds it: it goes on when none is left',
      }),
    ),
  },
  { additionalProperties: false, description: 'A schedule that was stopped, and can go on' },
);

const Lease = Type.Object(
  {
    variant: VariantName,
    fallback: Type.String({ ...VariantName, description: 'Served instead' }),
    seconds: Type.Integer({ minimum: 1, maximum: 86_400, description: 'After so long without a word of a server' }),
  },
  {
    additionalProperties: false,
    description: 'A variant that SDKs serve only as long as a server looks after the release that leased it',
  },
);

export const SplitSchema = Type.Object(
  {
    ...splitFields,
    ranges: Ranges,
    schedule: Type.Optional(Schedule),
    held: Type.Optional(Held),
    lease: Type.Optional(Lease),
  },
  { $id: 'Split', additionalProperties: false, description: 'A weighted distribution, as it is stored' },
);

export const WeightSchema = Type.Object(
  { variant: VariantName, weightPer100k: Type.Integer({ minimum: 0, maximum: BUCKET_COUNT }) },
  { $id: 'Weight', additionalProperties: false },
);

export const SplitByWeightsSchema = Type.Object(
  { ...splitFields, weights: Type.Array(refTo(WeightSchema), { minItems: 1 }) },
  {
    $id: 'SplitByWeights',
    additionalProperties: false,
    description: `Weights that add up to ${BUCKET_COUNT}; the server moves the fewest subjects from what is stored`,
  },
);

const ServeVariant = Type.Object({ variant: VariantName }, { additionalProperties: false });

export const ServeSchema = Type.Union(
  [ServeVariant, Type.Object({ split: refTo(SplitSchema) }, { additionalProperties: false })],
  { $id: 'Serve' },
);

export const ServeInput = Type.Union(
  [
    ServeVariant,
    Type.Object(
      { split: Type.Union([refTo(SplitSchema), refTo(SplitByWeightsSchema)]) },
      { additionalProperties: false },
    ),
  ],
  { $id: 'ServeInput' },
);

const Self = Type.Ref('Condition');

/** The leaves stay open: which comparisons there are is core's to say. */
export const ConditionSchema = Type.Unsafe<Condition>(
  Type.Union(
    [
      Type.Object({ all: Type.Array(Self) }, { additionalProperties: false }),
      Type.Object({ any: Type.Array(Self) }, { additionalProperties: false }),
      Type.Object({ not: Self }, { additionalProperties: false }),
      Type.Object(
        { all: Type.Optional(Type.Never()), any: Type.Optional(Type.Never()), not: Type.Optional(Type.Never()) },
        {
          additionalProperties: true,
          description:
            'A leaf: a comparison such as {attribute, operator, values}, {segment: key}, or {during: {from, until}}',
        },
      ),
    ],
    { $id: 'Condition' },
  ),
);

const ruleFields = {
  id: Type.String({ minLength: 1, maxLength: 100, description: 'Unique within the flag, stable across edits' }),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  when: refTo(ConditionSchema),
};

export const RuleSchema = Type.Object(
  { ...ruleFields, serve: refTo(ServeSchema) },
  { $id: 'Rule', additionalProperties: false },
);

export const RuleInput = Type.Object(
  { ...ruleFields, serve: refTo(ServeInput) },
  { $id: 'RuleInput', additionalProperties: false },
);
