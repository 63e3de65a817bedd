import { Type } from '@sinclair/typebox';
import { Id } from '../grants/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';

const ClaimText = Type.String({ minLength: 1, maxLength: 200 });

const GroupMapping = Type.Object(
  {
    claim: Type.String({ minLength: 1, maxLength: 200, description: 'The claim that lists groups, such as groups' }),
    groups: Type.Array(Type.Object({ value: ClaimText, group: Id }, { additionalProperties: false }), {
      minItems: 1,
      maxItems: 200,
      description: 'Who has the value is a member of the group, and who has it no more is none any more',
    }),
  },
  { additionalProperties: false },
);

const settings = {
  name: DisplayName,
  issuer: Type.String({
    minLength: 1,
    maxLength: 2000,
    description: 'The URL below which the provider describes itself',
  }),
  clientId: Type.String({ minLength: 1, maxLength: 500 }),
  scopes: Type.String({
    pattern: '^openid( [!#-\\[\\]-~]+)*$',
    maxLength: 500,
    description: 'scopes separated by blanks, openid first',
  }),
  createUsers: Type.Boolean({ description: 'Whether who has no account yet gets one when they first come' }),
  emailDomains: Type.Array(
    Type.String({ pattern: '^[a-z0-9.-]+$', maxLength: 254, description: 'a domain in lower case' }),
    {
      maxItems: 100,
      description: 'Only addresses of these domains; none: of any',
    },
  ),
  defaultRole: Type.Union([Key, Type.Null()], {
    description: 'The role in the whole installation of who gets an account by it; null: none',
  }),
  groups: Type.Union([GroupMapping, Type.Null()]),
};

/** What is stored of a provider besides its secret. */
export const ProviderSettings = Type.Object(settings, { additionalProperties: false });

export const IdentityProviderInput = Type.Object(
  {
    name: settings.name,
    issuer: settings.issuer,
    clientId: settings.clientId,
    clientSecret: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'Kept as it is when left out, while the issuer stays. Never shown again',
      }),
    ),
    scopes: Type.Optional(settings.scopes),
    createUsers: Type.Optional(settings.createUsers),
    emailDomains: Type.Optional(settings.emailDomains),
    defaultRole: Type.Optional(settings.defaultRole),
    groups: Type.Optional(settings.groups),
  },
  { $id: 'IdentityProviderInput', additionalProperties: false },
);

export const IdentityProviderSchema = Type.Object(
  {
    key: Key,
    ...settings,
    callbackUrl: Type.String({ description: 'What to register at the provider as redirect URI' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'IdentityProvider', additionalProperties: false },
);

export const ProviderParams = Type.Object({ provider: Key }, { additionalProperties: false });

export const SignInWaysSchema = Type.Object(
  {
    passwords: Type.Unsafe<'everyone' | 'owners'>(Type.Union([Type.Literal('everyone'), Type.Literal('owners')])),
    providers: Type.Array(
      Type.Object(
        { key: Key, name: DisplayName, path: Type.String({ description: 'Where a browser is sent to sign in by it' }) },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'SignInWays', additionalProperties: false },
);

export const StartQuery = Type.Object(
  { next: Type.Optional(Type.String({ maxLength: 2000, description: 'The page of this server to go to afterwards' })) },
  { additionalProperties: false },
);

/** The provider sends what it likes; the library checks it. */
export const CallbackQuery = Type.Object({}, { additionalProperties: Type.String({ maxLength: 8000 }) });
