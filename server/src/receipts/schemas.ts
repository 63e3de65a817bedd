import { Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import { Timestamp } from '../http/key-schema.ts';
import { PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';

const timing = (from: string) => {
  const Milliseconds = Type.Union([Type.Number(), Type.Null()], {
    description: `From ${from} to receipt, of instances that were connected then; null while none of them confirmed`,
  });
  return {
    firstMs: Milliseconds,
    p50Ms: Milliseconds,
    p90Ms: Milliseconds,
    p99Ms: Milliseconds,
    lastMs: Milliseconds,
  };
};
const Unknown = Type.Integer({
  description: 'Lost without a goodbye in the last five minutes, and not counted above: they may still be running',
});
const Incomplete = Type.Array(Type.String(), {
  description: 'Servers that did not answer. Instances that they were known to have count as unknown',
});
const Nullable = Type.Union([Type.String(), Type.Null()]);

export const ReceiptsSchema = Type.Object(
  {
    revision: refTo(RevisionSchema),
    committedAt: Timestamp,
    instances: Type.Integer({ description: 'Connected with a server key' }),
    confirmed: Type.Integer({ description: 'That run this revision' }),
    pending: Type.Integer({ description: 'That do not yet' }),
    unknown: Unknown,
    broken: Type.Integer({ description: 'Confirmed instances that could not understand some flags' }),
    behind: Type.Integer({ description: 'Pending instances that lack a revision for more than 10 seconds' }),
    ...timing('commit'),
    incomplete: Incomplete,
  },
  { $id: 'Receipts', additionalProperties: false },
);

/** Receipts of a kill or re-arm. */
export const KillReceiptsSchema = Type.Object(
  {
    flag: Type.String(),
    epoch: Type.Integer(),
    engaged: Type.Boolean({ description: 'True: killed. False: re-armed' }),
    instances: Type.Integer({ description: 'Connected with a server key' }),
    confirmed: Type.Integer({ description: 'That answer by it' }),
    pending: Type.Integer({ description: 'That do not yet' }),
    unknown: Unknown,
    ...timing('kill'),
    incomplete: Incomplete,
  },
  { $id: 'KillReceipts', additionalProperties: false },
);

export const ReceiptsQuery = Type.Object(
  {
    revision: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Number of a recent revision; the current one unless given' }),
    ),
  },
  { additionalProperties: false },
);

/** A name and a version are as long as two texts, and the blank between. */
const only = (which: string, maxLength = 200) =>
  Type.Optional(
    Type.String({ maxLength, description: `Only instances ${which}; empty: of none, or that none is known of` }),
  );

export const InstanceQuery = Type.Object(
  {
    ...PageQuery,
    ...SearchQuery,
    app: only('of this app'),
    version: only('of this deployed version'),
    sdk: only('of this SDK: its name, or name and version with a blank between', 401),
    key: only('that this SDK key let in: its id'),
    relay: only('connected through this relay'),
    server: Type.Optional(
      Type.String({
        maxLength: 2_000,
        description: 'Only instances that reach this server: its address among servers',
      }),
    ),
    behind: Type.Optional(
      Type.Boolean({ description: 'true: only those that lack the newest revision; false: only those that have it' }),
    ),
  },
  { additionalProperties: false },
);

export const StragglerQuery = Type.Omit(InstanceQuery, ['behind'], { additionalProperties: false });

const Server = Type.Union([Type.String(), Type.Null()], {
  description: 'Internal address of the server that it reaches; null where there is only one',
});
const Relay = Type.Union([Type.String(), Type.Null()], {
  description: 'Through which it is connected; null: directly',
});
const KeyId = Type.Union([Type.String(), Type.Null()], {
  description: 'Id of the SDK key that let it in; null when an earlier version of a server or relay did not say',
});
const Sdk = Type.Object({ name: Type.String(), version: Type.String() }, { additionalProperties: false });

export const InstanceSchema = Type.Object(
  {
    id: Type.String(),
    app: Nullable,
    host: Nullable,
    sdk: Sdk,
    deploy: Type.Union([
      Type.Object(
        {
          version: Type.Optional(Type.String()),
          stage: Type.Optional(Type.String()),
          color: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
    ...{ server: Server, relay: Relay, key: KeyId },
    pollMs: Type.Union([Type.Number(), Type.Null()], {
      description: 'How often it asks for news; null: it is told at once',
    }),
    state: Type.Union([Type.Literal('confirmed'), Type.Literal('pending'), Type.Literal('unknown')], {
      description: 'Has the newest revision; lacks it; or was lost without a goodbye a short while ago',
    }),
    connectedAt: Timestamp,
    lostAt: Type.Union([Timestamp, Type.Null()]),
    revision: Type.Union([refTo(RevisionSchema), Type.Null()], { description: 'null until its first receipt' }),
    behindSince: Type.Union([Timestamp, Type.Null()], { description: 'When the first revision came that it lacks' }),
    behindMs: Type.Union([Type.Number(), Type.Null()], { description: 'How long ago that was' }),
    dataAgeMs: Type.Union([Type.Number(), Type.Null()], {
      description: 'How old its data was when it last said: 0 is current. null until it says',
    }),
    brokenFlags: Type.Integer({ description: 'Flags that it could not understand' }),
  },
  { $id: 'Instance', additionalProperties: false },
);

export const InstanceGroupSchema = Type.Object(
  {
    app: Nullable,
    version: Type.Union([Type.String(), Type.Null()], { description: 'That was deployed' }),
    sdk: Type.Union([Sdk, Type.Null()]),
    ...{ server: Server, relay: Relay, key: KeyId },
    confirmed: Type.Integer({ description: 'Connected, with the newest revision' }),
    pending: Type.Integer({ description: 'Connected, without it' }),
    behind: Type.Integer({ description: 'Of these, those that lack it for more than 10 seconds' }),
    unknown: Unknown,
    broken: Type.Integer({ description: 'Confirmed instances that could not understand some flags' }),
  },
  { $id: 'InstanceGroup', additionalProperties: false },
);

export const InstanceCountsSchema = Type.Object(
  {
    groups: Type.Array(refTo(InstanceGroupSchema), { description: 'The largest first' }),
    leftOut: Type.Integer({ description: 'Instances of groups that were too many to be listed' }),
    incomplete: Incomplete,
  },
  { $id: 'InstanceCounts', additionalProperties: false },
);
