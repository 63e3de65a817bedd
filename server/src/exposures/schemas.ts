import { Type } from '@sinclair/typebox';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';

const SeriesSchema = Type.Object(
  {
    variant: Type.String({ description: "Empty where the caller's default was served" }),
    source: Type.Unsafe<'servers' | 'pages'>(
      Type.Union([Type.Literal('servers'), Type.Literal('pages')], {
        description: 'Who told: SDKs with server keys, or pages, which could make it up',
      }),
    ),
    total: Type.Integer(),
    points: Type.Array(Type.Object({ at: Timestamp, count: Type.Integer() }, { additionalProperties: false }), {
      description: 'By when a step began, ascending; steps without any are left out',
    }),
  },
  { additionalProperties: false },
);

export const ExposuresSchema = Type.Object(
  {
    from: Timestamp,
    to: Timestamp,
    stepS: Type.Integer({ description: 'Length of a step, in seconds; the last one is still under way' }),
    completeSince: Type.Union([Timestamp, Type.Null()], {
      description: 'A server began then: of what came before, some may be missing. Null: nothing is',
    }),
    series: Type.Array(SeriesSchema, { description: 'By variant, then by source' }),
    incomplete: Type.Array(Type.String(), { description: 'Servers that did not answer: what they know is missing' }),
  },
  { $id: 'Exposures', additionalProperties: false },
);

export const ExposuresQuery = Type.Object(
  { span: Type.Optional(oneOf('hour', 'day')) },
  { additionalProperties: false },
);

export const ExposuresParams = Type.Object(
  { project: Key, environment: Key, flag: Key },
  { additionalProperties: false },
);
