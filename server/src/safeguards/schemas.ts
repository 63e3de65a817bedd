import { Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { given, Mode, WatchSchema } from './definition-schemas.ts';
import { WatchedSchema } from './state-schemas.ts';

const ActorSchema = Type.Object(
  { kind: Type.String(), id: Type.String(), name: Type.String() },
  { additionalProperties: false },
);

export const SafeguardSchema = Type.Object(
  {
    id: Type.String(),
    ...given,
    mode: Mode,
    enabled: Type.Boolean(),
    failedAt: Type.Union([Timestamp, Type.Null()], { description: 'When it failed last, armed or not' }),
    watching: Type.Array(WatchedSchema, {
      description: 'What it watches, as far as anything was measured, 100 at most (10 in a list); and why it is silent',
    }),
    createdBy: ActorSchema,
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'Safeguard', additionalProperties: false },
);

export const StandardInput = Type.Object(
  {
    watch: Type.Union([WatchSchema.anyOf[0], WatchSchema.anyOf[1], WatchSchema.anyOf[2]], {
      description: 'measured: the environment’s default for all flags that run by `flags.run`',
    }),
    mode: Type.Optional(Mode),
  },
  { $id: 'StandardSafeguardsInput', additionalProperties: false },
);

export const StandardSchema = Type.Object(
  { items: Type.Array(refTo(SafeguardSchema)) },
  { $id: 'StandardSafeguards', additionalProperties: false },
);
export const SafeguardsQuery = Type.Object(
  {
    ...PageQuery,
    flag: Type.Optional(
      Type.String({ ...Key, description: 'Only those that watch this flag, and what they see of it' }),
    ),
  },
  { additionalProperties: false },
);

export const SafeguardParams = Type.Object(
  { project: Key, environment: Key, safeguard: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);
