import { Type } from '@sinclair/typebox';
import { DisplayName, Key } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';

export const RevisionSchema = Type.Object(
  {
    incarnation: Type.String({ description: 'The database that counts' }),
    number: Type.Integer({ description: 'One more with each change' }),
    hash: Type.String({ description: "The content's hash" }),
  },
  { $id: 'Revision', additionalProperties: false },
);

export const EnvironmentSchema = Type.Object(
  {
    key: Key,
    name: DisplayName,
    production: Type.Boolean({ description: 'True where mistakes hurt' }),
    position: Type.Integer({ description: 'Order for people, from 0' }),
    revision: refTo(RevisionSchema),
  },
  { $id: 'Environment', additionalProperties: false },
);

export const EnvironmentInput = Type.Object(
  { key: Key, name: DisplayName, production: Type.Optional(Type.Boolean()) },
  { $id: 'EnvironmentInput', additionalProperties: false },
);

export const EnvironmentParams = Type.Object({ project: Key, environment: Key }, { additionalProperties: false });
