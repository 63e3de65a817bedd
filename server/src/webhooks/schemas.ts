import { Type } from '@sinclair/typebox';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';

const Format = Type.Unsafe<'standard' | 'slack' | 'teams' | 'email'>(
  Type.Union([Type.Literal('standard'), Type.Literal('slack'), Type.Literal('teams'), Type.Literal('email')], {
    description:
      'standard: the audit event, signed by Standard Webhooks. slack, teams: a message for their incoming webhooks. ' +
      'email: a message by the mail server of the installation',
  }),
);

export const WebhookFilter = Type.Object(
  {
    actions: Type.Optional(
      Type.Array(Type.String({ pattern: '^([a-z-]+\\.([a-z-]+\\.)?([a-z_-]+|\\*)|urgent)$', maxLength: 100 }), {
        minItems: 1,
        maxItems: 50,
        description:
          'Such as flag.killed or flag.environment.updated, or flag.* for all of flags; urgent: kills, re-arms, and what ' +
          'signals and safeguards did or could not do; without it all actions',
      }),
    ),
    environments: Type.Optional(
      Type.Array(Key, { minItems: 1, maxItems: 50, description: 'Only what happens in these; without it everything' }),
    ),
  },
  { additionalProperties: false },
);

const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'https, on the public internet unless allowed; for email mailto: and addresses, separated by commas',
});

const given = {
  name: DisplayName,
  url: Url,
  format: Format,
  filter: WebhookFilter,
  enabled: Type.Boolean(),
};

export const WebhookSchema = Type.Object(
  {
    id: Type.String(),
    ...given,
    disabledReason: Type.Union([Type.String(), Type.Null()], { description: 'Why it was turned off by itself' }),
    failingSince: Type.Union([Timestamp, Type.Null()], { description: 'Nothing was delivered since' }),
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'Webhook', additionalProperties: false },
);

const Secret = Type.String({ description: 'What messages are signed with (whsec_...); shown only here' });

export const NewWebhookSchema = Type.Object(
  { ...WebhookSchema.properties, secret: Secret },
  { $id: 'NewWebhook', additionalProperties: false },
);

export const WebhookSecretSchema = Type.Object(
  { secret: Secret, previousUntil: Timestamp },
  { $id: 'WebhookSecret', additionalProperties: false },
);

export const WebhookInput = Type.Object(
  {
    name: given.name,
    url: given.url,
    format: Type.Optional(Format),
    filter: Type.Optional(WebhookFilter),
    enabled: Type.Optional(Type.Boolean()),
  },
  { $id: 'WebhookInput', additionalProperties: false },
);

export const WebhookPatch = Type.Partial(Type.Object(given), {
  $id: 'WebhookPatch',
  additionalProperties: false,
  minProperties: 1,
});

const DeliveryState = oneOf('pending', 'delivered', 'failed');

export const DeliverySchema = Type.Object(
  {
    id: Type.String(),
    event: Type.String({ description: "The audit event's id" }),
    action: Type.Union([Type.String(), Type.Null()], { description: 'The action it tells of; null: no longer kept' }),
    state: DeliveryState,
    attempts: Type.Integer(),
    nextAt: Type.Union([Timestamp, Type.Null()], { description: 'When it is tried again' }),
    lastAt: Type.Union([Timestamp, Type.Null()]),
    lastStatus: Type.Union([Type.Integer(), Type.Null()]),
    lastError: Type.Union([Type.String(), Type.Null()]),
    lastAnswer: Type.Union([Type.String(), Type.Null()], { description: 'The first 4 KB of it' }),
    lastMs: Type.Union([Type.Integer(), Type.Null()], { description: 'How long the last attempt took' }),
    createdAt: Timestamp,
  },
  { $id: 'WebhookDelivery', additionalProperties: false },
);

export const AttemptSchema = Type.Object(
  {
    delivered: Type.Boolean(),
    status: Type.Union([Type.Integer(), Type.Null()]),
    error: Type.Union([Type.String(), Type.Null()]),
    answer: Type.Union([Type.String(), Type.Null()]),
    ms: Type.Integer(),
  },
  { $id: 'WebhookAttempt', additionalProperties: false },
);

export const WebhookParams = Type.Object(
  { project: Key, webhook: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export const DeliveryParams = Type.Object(
  { ...WebhookParams.properties, delivery: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export const DeliveryQuery = Type.Object(
  { ...PageQuery, state: Type.Optional(DeliveryState) },
  { additionalProperties: false },
);

export const Redelivered = Type.Object({ deliveries: Type.Integer() }, { additionalProperties: false });
