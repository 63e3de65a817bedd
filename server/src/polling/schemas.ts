import type { ClientMessage, SettingsMessage } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { validationFailed } from '../http/api-error.ts';
import { CLIENT_MESSAGES, INTRODUCTION } from '../stream/schemas.ts';
import { POSITION_PATTERN } from './position.ts';

const Connection = Type.String({
  pattern: '^[\\w-]{1,100}$',
  description: "The client's own name for this connection",
});
const Have = Type.String({
  pattern: POSITION_PATTERN,
  maxLength: 700,
  description: 'What the client has: the text of an ETag or event id, or incarnation.number.hash',
});

export const SnapshotQuery = Type.Object({ have: Type.Optional(Have) }, { additionalProperties: false });

export const EventsQuery = Type.Object(
  { have: Type.Optional(Have), connection: Type.Optional(Connection) },
  { additionalProperties: false },
);

/** Further fields pass: a newer SDK may say more. */
export const Report = Type.Object({
  connection: Connection,
  introduction: Type.Object(INTRODUCTION),
  intervalMs: Type.Integer({
    minimum: 1_000,
    maximum: 600_000,
    description: 'How often the client says something at least; after three times as long it has left',
  }),
  messages: Type.Array(Type.Object({ type: Type.String({ maxLength: 100 }) }, { additionalProperties: true }), {
    maxItems: 1_000,
    description:
      'receipt, kill-receipt, telemetry, measurements, contexts and heartbeat, as on the WebSocket; others are ignored',
  }),
  isClosing: Type.Optional(Type.Boolean({ description: 'True: the instance ends here' })),
});

/** A settings message, but for its type. */
const Settings = Type.Unsafe<Omit<SettingsMessage, 'type'>>(
  Type.Object(
    {
      contextSampling: Type.String({ description: 'off, attributes or contexts' }),
      privateAttributes: Type.Array(Type.String()),
      salt: Type.String(),
      maxPerMinute: Type.Integer(),
    },
    { additionalProperties: false, description: 'What may be told of contexts; absent: nothing' },
  ),
);

export const Heard = Type.Object(
  {
    joined: Type.Boolean({ description: 'True: this server had not heard of the connection before' }),
    settings: Type.Optional(Settings),
    takes: Type.Array(Type.String(), { description: 'Messages that it takes and earlier servers did not' }),
  },
  { additionalProperties: false },
);

/**
 * The messages of a report. Those of types that only newer SDKs know are left out.
 * @throws {ApiError} that says which is wrong, and how
 */
export function readMessages(messages: readonly { readonly type: string }[]): ClientMessage[] {
  return messages.flatMap((message, i) => {
    if (!Object.hasOwn(CLIENT_MESSAGES, message.type)) return [];
    const validator = CLIENT_MESSAGES[message.type as ClientMessage['type']];
    if (validator.is(message)) return [message];
    const place = `messages[${i}]`;
    throw validationFailed(
      validator.problems(message).map(({ path, message: text }) => ({ path: `${place}.${path}`, message: text })),
    );
  });
}
