import type { Condition, Flag, Prerequisite, Rule, Serve, Split, Target, Variant } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { expectTypeOf, test } from 'vitest';
import type {
  ConditionSchema,
  PrerequisiteSchema,
  RuleSchema,
  ServeSchema,
  SplitSchema,
  TargetSchema,
  VariantSchema,
} from './rule-schemas.ts';
import type { FlagEnvironmentSchema, FlagSchema, FlagTypeSchema } from './schemas.ts';

test('what the API accepts is what core evaluates', () => {
  expectTypeOf<Static<typeof VariantSchema>>().toExtend<Variant>();
  expectTypeOf<Static<typeof ConditionSchema>>().toExtend<Condition>();
  expectTypeOf<Static<typeof SplitSchema>>().toExtend<Split>();
  expectTypeOf<Static<typeof ServeSchema>>().toExtend<Serve>();
  expectTypeOf<Static<typeof RuleSchema>>().toExtend<Rule>();
  expectTypeOf<Static<typeof TargetSchema>>().toExtend<Target>();
  expectTypeOf<Static<typeof PrerequisiteSchema>>().toExtend<Prerequisite>();
  expectTypeOf<Static<typeof FlagTypeSchema>>().toEqualTypeOf<Flag['type']>();
});

test('what core evaluates of a rule, a target or a prerequisite, the API accepts: no field is missing', () => {
  expectTypeOf<keyof Static<typeof VariantSchema>>().toEqualTypeOf<keyof Variant>();
  expectTypeOf<keyof Static<typeof SplitSchema>>().toEqualTypeOf<keyof Split>();
  expectTypeOf<keyof Static<typeof RuleSchema>>().toEqualTypeOf<keyof Rule>();
  expectTypeOf<keyof Static<typeof TargetSchema>>().toEqualTypeOf<keyof Target>();
  expectTypeOf<keyof Static<typeof PrerequisiteSchema>>().toEqualTypeOf<keyof Prerequisite>();
});

test('what core knows of a flag, the API accepts, but for holdouts', () => {
  type Field = keyof Static<typeof FlagSchema> | keyof Static<typeof FlagEnvironmentSchema>;
  expectTypeOf<Exclude<keyof Flag, Field>>().toEqualTypeOf<'holdouts'>();
});
