import { Type } from '@sinclair/typebox';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';

const Sight = oneOf('watched', 'blind', 'unwatched');

const CoveredFlagSchema = Type.Object(
  {
    flag: Type.String(),
    sight: Sight,
    safeguards: Type.Integer({ description: 'How many watch it' }),
    why: Type.Union([Type.String(), Type.Null()], { description: 'Of what is blind: why it sees nothing' }),
  },
  { additionalProperties: false },
);

export const CoverageSchema = Type.Object(
  {
    watched: Type.Integer({ description: 'So many flags that are on have a safeguard that would see harm' }),
    blind: Type.Integer({ description: 'So many have some, none of which sees anything at the moment' }),
    unwatched: Type.Integer({ description: 'So many have none' }),
    items: Type.Array(CoveredFlagSchema, { description: 'By key' }),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  },
  {
    $id: 'SafeguardCoverage',
    additionalProperties: false,
    description: 'Which flags are watched, of those that are on and not killed; as the answering server sees it',
  },
);

export const CoverageQuery = Type.Object(
  { ...PageQuery, sight: Type.Optional(Sight) },
  { additionalProperties: false },
);
