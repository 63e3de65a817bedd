import { BUCKET_COUNT } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { Key } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PHASES } from '../releases/phase.ts';
import { HOOKS } from './flagger.ts';

export const HookPlace = Type.Object({ project: Key, environment: Key }, { additionalProperties: false });

export const FlaggerPlace = Type.Object(
  { project: Key, environment: Key, hook: oneOf(...HOOKS) },
  { additionalProperties: false },
);

const subject = {
  flag: Type.Optional(
    Type.String({ maxLength: 200, description: 'Key of a flag: the release that it is in, or was in last' }),
  ),
  target: Type.Optional(Type.String({ maxLength: 100, description: 'Key of a traffic target: in the same way' })),
  release: Type.Optional(Type.String({ maxLength: 100, description: 'Id of a release' })),
};

/** What is asked about: exactly one of them. */
export const HookSubject = Type.Object(subject, { additionalProperties: false });

export const ArgoQuery = Type.Object(
  {
    ...subject,
    weightPer100k: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: BUCKET_COUNT,
        description: 'Successful only when the release wants at least this share, in 1/100 000',
      }),
    ),
  },
  { additionalProperties: false },
);

export const ReleaseVerdict = Type.Object(
  {
    verdict: oneOf('successful', 'inconclusive', 'failed'),
    reason: Type.String({ description: 'For people: a sentence' }),
    release: Type.Union([Type.String(), Type.Null()], { description: 'Id; null: there is none' }),
    phase: Type.Union([oneOf(...PHASES), Type.Null()]),
    wantsPer100k: Type.Union([Type.Integer(), Type.Null()], {
      description: 'The share of the candidate that the release wants, in 1/100 000; null: none now',
    }),
  },
  { $id: 'ReleaseVerdict', additionalProperties: false },
);

/** What Flagger sends. Versions add to it: what is not named here is ignored. */
export const FlaggerBody = Type.Object(
  {
    name: Type.String({ maxLength: 300, description: 'Of the Canary' }),
    namespace: Type.String({ maxLength: 300 }),
    phase: Type.Optional(Type.String({ maxLength: 100 })),
    checksum: Type.Optional(Type.String({ maxLength: 300 })),
    metadata: Type.Optional(Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()])),
  },
  { $id: 'FlaggerWebhook' },
);

export const HookAnswer = Type.Object(
  { reason: Type.String({ description: 'For people: a sentence' }), release: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'FlaggerAnswer', additionalProperties: false },
);
