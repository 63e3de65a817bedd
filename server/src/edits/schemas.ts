import { BUCKET_COUNT, type FlagEdit, type SegmentEdit, type TargetingEdit } from '@bunting/core';
import { type TProperties, type TSchema, Type } from '@sinclair/typebox';
import {
  ConditionSchema,
  HoldCauseSchema,
  JsonSchema,
  PrerequisiteSchema,
  RuleInput,
  ServeInput,
  TargetSchema,
  VariantName,
  VariantSchema,
  WeightSchema,
} from '../flags/rule-schemas.ts';
import { Description, Link, Owner, Tag } from '../flags/schemas.ts';
import { DisplayName, Key } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';

const RuleId = Type.String({ minLength: 1, maxLength: 100, description: "A rule's id" });
const SplitOwner = Type.Optional(
  Type.String({ minLength: 1, maxLength: 100, description: "A rule's id; the default rule unless given" }),
);
const AttributePath = Type.String({ minLength: 1, maxLength: 200, description: 'Attribute path' });
const Condition = refTo(ConditionSchema);
const Serve = refTo(ServeInput);
const Weights = Type.Array(refTo(WeightSchema), {
  minItems: 1,
  maxItems: 1000,
  description: `They add up to ${BUCKET_COUNT}`,
});
const Subjects = Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), { minItems: 1, maxItems: 10_000 });

const Place = Type.Union(
  [
    Type.Literal('first'),
    Type.Literal('last'),
    Type.Object({ before: RuleId }, { additionalProperties: false }),
    Type.Object({ after: RuleId }, { additionalProperties: false }),
  ],
  { description: 'Among the other rules' },
);

const Step = Type.Object(
  {
    atMs: Type.Number({ description: 'Milliseconds since 1970, UTC' }),
    weights: Weights,
    linear: Type.Optional(Type.Boolean({ description: 'True: the bounds move here in a straight line' })),
  },
  { additionalProperties: false },
);

/** What core's edits look like on the wire; what they mean is core's to say. */
const TARGETING_FORMS: Readonly<Record<TargetingEdit['kind'], TProperties>> = {
  enable: {},
  disable: {},
  setOffVariant: { variant: VariantName },
  setSafeVariant: { variant: Type.Union([VariantName, Type.Null()]) },
  addRule: { rule: refTo(RuleInput), place: Type.Optional(Place) },
  updateRule: {
    rule: RuleId,
    name: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
    when: Type.Optional(Condition),
  },
  removeRule: { rule: RuleId },
  moveRule: { rule: RuleId, place: Place },
  setRuleServe: { rule: RuleId, serve: Serve },
  setDefaultServe: { serve: Serve },
  setRollout: { rule: SplitOwner, weights: Weights },
  setSchedule: { rule: SplitOwner, steps: Type.Array(Step, { maxItems: 1000 }) },
  holdRamp: { rule: SplitOwner, cause: HoldCauseSchema },
  resumeRamp: { rule: SplitOwner, cause: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })) },
  addTargets: { variant: VariantName, attribute: Type.Optional(AttributePath), values: Subjects },
  removeTargets: { variant: Type.Optional(VariantName), attribute: Type.Optional(AttributePath), values: Subjects },
  setTargets: { targets: Type.Array(refTo(TargetSchema), { maxItems: 1000 }) },
  addPrerequisite: { prerequisite: refTo(PrerequisiteSchema) },
  removePrerequisite: { flag: Key },
  setPrerequisites: { prerequisites: Type.Array(refTo(PrerequisiteSchema), { maxItems: 100 }) },
};

const SEGMENT_FORMS: Readonly<Record<SegmentEdit['kind'], TProperties>> = {
  setCondition: { when: Type.Union([Condition, Type.Null()]) },
  setAttribute: { attribute: Type.Union([AttributePath, Type.Null()]) },
};

const FLAG_FORMS: Readonly<Record<FlagEdit['kind'], TProperties>> = {
  setName: { name: DisplayName },
  setDescription: { description: Description },
  setOwner: { owner: Owner },
  addTag: { tag: Tag },
  removeTag: { tag: Tag },
  addLink: { link: Link },
  removeLink: { url: Type.String({ maxLength: 2000 }) },
  addVariant: { variant: refTo(VariantSchema) },
  setVariantValue: { variant: VariantName, value: JsonSchema },
  removeVariant: { variant: VariantName },
};

export const TargetingEditSchema = Type.Unsafe<TargetingEdit>(
  unionOf(TARGETING_FORMS, { $id: 'TargetingEdit', description: 'A change of a flag in an environment' }),
);
export const SegmentEditSchema = Type.Unsafe<SegmentEdit>(
  unionOf(SEGMENT_FORMS, { $id: 'SegmentEdit', description: 'A change of a segment, besides its keys' }),
);

export const FlagEditSchema = Type.Unsafe<FlagEdit>(
  unionOf(FLAG_FORMS, { $id: 'FlagEdit', description: 'A change of what a flag is in all environments' }),
);

/** Edits are applied together or not at all, one after the other. */
export const TargetingEditsInput = Type.Object(
  { edits: Type.Array(refTo(TargetingEditSchema), { minItems: 1, maxItems: 1000 }) },
  { $id: 'TargetingEditsInput', additionalProperties: false },
);
export const FlagEditsInput = Type.Object(
  { edits: Type.Array(refTo(FlagEditSchema), { minItems: 1, maxItems: 1000 }) },
  { $id: 'FlagEditsInput', additionalProperties: false },
);
export const SegmentEditsInput = Type.Object(
  { edits: Type.Array(refTo(SegmentEditSchema), { minItems: 1, maxItems: 1000 }) },
  { $id: 'SegmentEditsInput', additionalProperties: false },
);

function unionOf(forms: Readonly<Record<string, TProperties>>, options: { $id: string; description: string }) {
  const schemas: TSchema[] = Object.entries(forms).map(([kind, fields]) =>
    Type.Object({ kind: Type.Literal(kind), ...fields }, { additionalProperties: false }),
  );
  return Type.Union(schemas, options);
}
