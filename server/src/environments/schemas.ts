import { KEY_PATTERN } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { DisplayName, Key } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { LineStopSchema } from '../line/schemas.ts';

export const RevisionSchema = Type.Object(
  {
    incarnation: Type.String({ description: 'The database that counts' }),
    number: Type.Integer({ description: 'One more with each change' }),
    hash: Type.String({ description: "The content's hash" }),
  },
  { $id: 'Revision', additionalProperties: false },
);

const Color = Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'a colour such as #d97706, in lower case' });
const Production = Type.Boolean({ description: 'True where mistakes hurt' });
const RequireComment = Type.Boolean({
  description: 'True: what changes the environment must say why (Bunting-Comment)',
});

const RequiredApprovals = Type.Integer({
  minimum: 0,
  maximum: 20,
  description:
    'How many others with change:approve must approve a change before it is served; 0: none. To lower it takes change:bypass',
});

export const EnvironmentSchema = Type.Object(
  {
    key: Key,
    name: DisplayName,
    color: Type.Union([Color, Type.Null()]),
    production: Production,
    requireComment: RequireComment,
    requiredApprovals: RequiredApprovals,
    position: Type.Integer({ description: 'Order for people, from 0' }),
    version: Type.Integer({ description: 'For If-Match; of all this but the revision' }),
    revision: refTo(RevisionSchema),
    lineStopped: Type.Optional(refTo(LineStopSchema)),
  },
  { $id: 'Environment', additionalProperties: false },
);

const facts = {
  color: Type.Optional(Type.Union([Color, Type.Null()])),
  production: Type.Optional(Production),
  requireComment: Type.Optional(RequireComment),
  requiredApprovals: Type.Optional(RequiredApprovals),
};

export const EnvironmentInput = Type.Object(
  {
    key: Key,
    name: DisplayName,
    ...facts,
    from: Type.Optional(
      Type.String({
        pattern: KEY_PATTERN,
        description:
          'An environment whose flags and segments are copied, but not its keys and kills; none: flags are off',
      }),
    ),
  },
  { $id: 'EnvironmentInput', additionalProperties: false },
);

export const EnvironmentPatch = Type.Object(
  {
    name: Type.Optional(DisplayName),
    ...facts,
    position: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100_000, description: 'Goes there; the others move up or down' }),
    ),
  },
  { $id: 'EnvironmentPatch', additionalProperties: false },
);

export const EnvironmentParams = Type.Object({ project: Key, environment: Key }, { additionalProperties: false });
