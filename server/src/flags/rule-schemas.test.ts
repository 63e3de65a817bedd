import type { Condition, Flag, Rule, Serve, Split, Variant } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { expectTypeOf, test } from 'vitest';
import type { ConditionSchema, RuleSchema, ServeSchema, SplitSchema, VariantSchema } from './rule-schemas.ts';
import type { FlagTypeSchema } from './schemas.ts';

test('what the API accepts is what core evaluates', () => {
  expectTypeOf<Static<typeof VariantSchema>>().toExtend<Variant>();
  expectTypeOf<Static<typeof ConditionSchema>>().toExtend<Condition>();
  expectTypeOf<Static<typeof SplitSchema>>().toExtend<Split>();
  expectTypeOf<Static<typeof ServeSchema>>().toExtend<Serve>();
  expectTypeOf<Static<typeof RuleSchema>>().toExtend<Rule>();
  expectTypeOf<Static<typeof FlagTypeSchema>>().toEqualTypeOf<Flag['type']>();
});

test('what core evaluates of a rule, the API accepts: no field is missing', () => {
  expectTypeOf<keyof Static<typeof VariantSchema>>().toEqualTypeOf<keyof Variant>();
  expectTypeOf<keyof Static<typeof SplitSchema>>().toEqualTypeOf<keyof Split>();
  expectTypeOf<keyof Static<typeof RuleSchema>>().toEqualTypeOf<keyof Rule>();
});
