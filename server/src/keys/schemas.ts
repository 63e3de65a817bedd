import { Type } from '@sinclair/typebox';
import { DisplayName, Timestamp } from '../http/key-schema.ts';

const Kind = Type.Union([Type.Literal('server'), Type.Literal('client'), Type.Literal('relay')], {
  description:
    'server: secret, reads the rules. client: for pages, public, reads evaluated values. relay: secret, for bunting-server relay, reads the rules and the hashes of all keys',
});

const fields = {
  id: Type.String(),
  kind: Kind,
  name: DisplayName,
  prefix: Type.String({ description: "The secret's first characters, to recognise it by" }),
  createdAt: Timestamp,
  revokedAt: Type.Union([Timestamp, Type.Null()]),
};

export const KeySchema = Type.Object(fields, { $id: 'SdkKey', additionalProperties: false });

export const NewKeySchema = Type.Object(
  { ...fields, secret: Type.String({ description: 'Shown only here, stored only as a hash' }) },
  { $id: 'NewSdkKey', additionalProperties: false },
);

export const KeyInput = Type.Object(
  { kind: Kind, name: DisplayName },
  { $id: 'SdkKeyInput', additionalProperties: false },
);
