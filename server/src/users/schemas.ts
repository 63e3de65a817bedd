import { Type } from '@sinclair/typebox';
import { Id } from '../grants/schemas.ts';
import { DisplayName, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { PasswordLinkSchema } from '../passwords/schemas.ts';
import { Email } from '../sessions/schemas.ts';

export const PersonSchema = Type.Object(
  {
    id: Id,
    email: Type.String(),
    name: DisplayName,
    state: Type.Unsafe<'invited' | 'active' | 'disabled'>({
      ...oneOf('invited', 'active', 'disabled'),
      description: 'invited: has set no password yet',
    }),
    createdAt: Timestamp,
  },
  { $id: 'Person', additionalProperties: false },
);

export const InvitationInput = Type.Object(
  { email: Email, name: DisplayName },
  { $id: 'InvitationInput', additionalProperties: false },
);

export const InvitationSchema = Type.Object(
  { user: refTo(PersonSchema), link: refTo(PasswordLinkSchema) },
  { $id: 'Invitation', additionalProperties: false },
);

export const PersonPatch = Type.Object(
  { name: Type.Optional(DisplayName), email: Type.Optional(Email), disabled: Type.Optional(Type.Boolean()) },
  { $id: 'PersonPatch', additionalProperties: false, minProperties: 1 },
);

export const PersonQuery = Type.Object({ ...PageQuery, ...SearchQuery }, { additionalProperties: false });
export const PersonParams = Type.Object({ user: Id }, { additionalProperties: false });
