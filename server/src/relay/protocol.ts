import type { HeartbeatMessage } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import { compileValidator } from '../http/validate.ts';
import { checkingWindows } from '../measurements/window.ts';
import { CONTEXTS, METRIC_EVENTS, WINDOW } from '../stream/schemas.ts';

/**
 * What a relay and its upstream say to each other besides what an SDK and a server do. The upstream sends `keys` before
 * anything else; the relay sends `instances` instead of receipts, and says whose evaluations its telemetry counts.
 */

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** To a relay: its environment and all keys that open it. Whole, at admission and whenever one is made or revoked. */
const Keys = Type.Object({
  type: Type.Literal('keys'),
  environmentId: Name,
  project: Name,
  environment: Name,
  keys: Type.Array(
    Type.Object({
      id: Name,
      kind: Type.Union([Type.Literal('server'), Type.Literal('client'), Type.Literal('relay')]),
      name: Type.String({ maxLength: 1_000 }),
      /** SHA-256 of the secret, hex. */
      hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      /** By the origin's clock, milliseconds since 1970, UTC. */
      expiresAtMs: Type.Optional(Type.Number()),
      /** Whose pages may use it; absent: anyone's. */
      origins: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
    }),
  ),
  /** Only where holders of client keys must prove their contexts: the secrets for it. */
  proof: Type.Optional(
    Type.Object({ secrets: Type.Unsafe<readonly string[]>(Type.Array(Type.String({ maxLength: 200 }))) }),
  ),
});
export type KeysMessage = Static<typeof Keys>;

/** Numbers a relay's instances; one that comes back gets another number. Never used twice on one connection. */
const Member = Count;
const Members = Type.Array(Member);

/**
 * From a relay: what became of the instances behind it, in the order of these lists. What many have in common is said
 * once, so that a receipt costs its number.
 */
const Instances = Type.Object({
  type: Type.Literal('instances'),
  joins: Type.Array(
    Type.Object({
      member: Member,
      instance: Type.Object({ id: Name, app: Type.Optional(Name), host: Type.Optional(Name) }),
      sdk: Type.Object({ name: Name, version: Name }),
      deploy: Type.Optional(
        Type.Object({ version: Type.Optional(Name), stage: Type.Optional(Name), color: Type.Optional(Name) }),
      ),
      /** By the origin's clock, milliseconds since 1970, UTC. */
      connectedAtMs: Type.Number(),
      /** How often it asks for news, in milliseconds, when it is not told. */
      pollMs: Type.Optional(Type.Number({ minimum: 0 })),
      /** The relay that it is connected to, when that is another one further down. */
      via: Type.Optional(Name),
      /** Id of the key that let it in. Relays of earlier versions do not say. */
      key: Type.Optional(Name),
    }),
  ),
  receipts: Type.Array(
    Type.Object({
      revision: Type.Object({ incarnation: Name, number: Count, hash: Type.String({ maxLength: 200 }) }),
      brokenFlags: Count,
      members: Members,
    }),
  ),
  kills: Type.Array(Type.Object({ flag: Name, epoch: Count, engaged: Type.Boolean(), members: Members })),
  /** How old the instances' data is, in milliseconds. */
  ages: Type.Array(Type.Object({ member: Member, dataAgeMs: Type.Number({ minimum: 0 }) })),
  leaves: Type.Array(
    Type.Object({ ending: Type.Union([Type.Literal('closed'), Type.Literal('lost')]), members: Members }),
  ),
});
export type InstancesMessage = Static<typeof Instances>;

/** From a relay: what the SDKs behind it counted, added up, with keys of one kind. */
const Telemetry = Type.Object({
  type: Type.Literal('telemetry'),
  from: Type.Union([Type.Literal('server'), Type.Literal('client')]),
  exposures: Type.Array(
    Type.Object({
      flag: Type.String({ maxLength: 200 }),
      variant: Type.Optional(Type.String({ maxLength: 200 })),
      count: Count,
    }),
    { maxItems: 10_000 },
  ),
  events: METRIC_EVENTS,
});
export type RelayedTelemetry = Static<typeof Telemetry>;

/** From a relay: what was told of contexts behind it, or seen by it, with keys of one kind. */
const Contexts = Type.Object({
  type: Type.Literal('contexts'),
  from: Type.Union([Type.Literal('server'), Type.Literal('client')]),
  ...CONTEXTS,
});
export type RelayedContexts = Static<typeof Contexts>;

/** From a relay: keys that were used behind it, each at most about once an hour. */
const Uses = Type.Object({ type: Type.Literal('uses'), keys: Type.Array(Name, { maxItems: 1_000 }) });
export type KeyUses = Static<typeof Uses>;

/** From a relay: what instances behind it measured, each window as it came. */
const Measurements = Type.Object({
  type: Type.Literal('measurements'),
  windows: Type.Array(Type.Object({ instance: Name, version: Type.Optional(Name), ...WINDOW }), { maxItems: 10_000 }),
});
export type RelayedMeasurements = Static<typeof Measurements>;

const Heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  dataAgeMs: Type.Optional(Type.Number({ minimum: 0 })),
});

export type RelayMessage =
  | InstancesMessage
  | RelayedTelemetry
  | RelayedMeasurements
  | RelayedContexts
  | KeyUses
  | HeartbeatMessage;

export const KEYS_MESSAGE = compileValidator<KeysMessage>(Keys);

/** What a relay may say after its hello. */
export const RELAY_MESSAGES = {
  instances: compileValidator<InstancesMessage>(Instances),
  telemetry: compileValidator<RelayedTelemetry>(Telemetry),
  contexts: compileValidator<RelayedContexts>(Contexts),
  uses: compileValidator<KeyUses>(Uses),
  measurements: checkingWindows(compileValidator<RelayedMeasurements>(Measurements), ({ windows }) => windows),
  heartbeat: compileValidator<HeartbeatMessage>(Heartbeat),
};
