import { Type } from '@sinclair/typebox';
import { ActorSchema } from '../audit/schemas.ts';
import { FlagQuery } from '../flags/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';

const { cursor: _, limit: __, ...narrowing } = FlagQuery.properties;

export const FlagViewFilter = Type.Object(narrowing, {
  $id: 'FlagViewFilter',
  additionalProperties: false,
  description: 'What listFlags takes to narrow and sort the list',
});

const fields = {
  name: DisplayName,
  filter: refTo(FlagViewFilter),
  shared: Type.Boolean({
    description: 'true: the project’s, seen by all who read it; false: of whoever keeps it, alone',
  }),
};

export const FlagViewSchema = Type.Object(
  { id: Type.String(), ...fields, owner: ActorSchema, createdAt: Timestamp, updatedAt: Timestamp },
  { $id: 'FlagView', additionalProperties: false },
);

export const FlagViewInput = Type.Object(fields, { $id: 'FlagViewInput', additionalProperties: false });

export const FlagViewPatch = Type.Partial(Type.Object(fields), {
  $id: 'FlagViewPatch',
  additionalProperties: false,
  minProperties: 1,
});

export const FlagViewParams = Type.Object(
  { project: Key, view: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);
