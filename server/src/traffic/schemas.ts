import { BUCKET_COUNT } from '@bunting/core';
import { type Static, type TUnsafe, Type } from '@sinclair/typebox';
import { EnvironmentParams } from '../environments/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { HeldBySchema } from '../releases/held-by.ts';
import { TRAFFIC_KINDS } from './kinds.ts';

const Kind = oneOf(...TRAFFIC_KINDS.map(({ kind }) => kind));
const Settings = Type.Record(Type.String(), Type.Unknown(), { description: 'As its kind has them' });

export const TrafficTargetSchema = Type.Object(
  {
    key: Key,
    name: DisplayName,
    kind: Kind,
    settings: Settings,
    secrets: Type.Array(Type.String(), { description: 'The names of what is sealed; their values are never shown' }),
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'TrafficTarget', additionalProperties: false, description: 'What divides requests between two versions' },
);

export interface GivenTarget {
  readonly name: string;
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

export const TrafficTargetInput: TUnsafe<GivenTarget> & { $id?: string } = Type.Unsafe<GivenTarget>(
  Type.Union(
    TRAFFIC_KINDS.map(({ kind, settings, secrets }) =>
      Type.Object(
        {
          name: DisplayName,
          kind: Type.Literal(kind),
          settings,
          secrets: Type.Optional({
            ...secrets,
            description: 'Kept sealed. Without it: those of before, as long as kind and settings stay',
          }),
        },
        { additionalProperties: false },
      ),
    ),
    { $id: 'TrafficTargetInput' },
  ),
);

const Share = Type.Integer({ minimum: 0, maximum: BUCKET_COUNT, description: 'In 1/100 000' });
const Count = Type.Integer({ minimum: 0 });
const Counts = Type.Object({ requests: Count, errors: Count }, { additionalProperties: false });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const CapabilitiesSchema = Type.Object(
  {
    atomic: Type.Boolean({ description: 'All requests are at the new weight at once' }),
    sticky: Type.Boolean({ description: 'Who is on a side stays there' }),
    lease: Type.Boolean({ description: 'It goes back to the baseline by itself when nobody renews it' }),
    drain: Type.Boolean({ description: 'Requests under way end where they began' }),
    shadow: Type.Boolean({ description: 'It can send copies of requests to the candidate' }),
    fenced: Type.Boolean({ description: 'It refuses servers that do not hold the release any more' }),
    granularityPer100k: Type.Integer({ minimum: 1, description: 'Weights are multiples of this, in 1/100 000' }),
  },
  { additionalProperties: false },
);

export const TrafficStateSchema = Type.Object(
  {
    capabilities: orNull(CapabilitiesSchema, 'null: it could not be opened'),
    candidatePer100k: orNull(Share, "The candidate's share of requests; null: it cannot be told"),
    shadowPer100k: orNull(Share, "The share of the baseline's requests that are copied"),
    fence: orNull(Type.Integer(), 'Of who steered it last'),
    up: orNull(
      Type.Object({ candidate: Count, baseline: Count }, { additionalProperties: false }),
      'Instances that answer their checks',
    ),
    counts: orNull(
      Type.Object({ candidate: Counts, baseline: Counts }, { additionalProperties: false }),
      'Since it was started: what it counted itself',
    ),
    problem: orNull(Type.String(), 'Why it cannot be read, or what is wrong with it; with the fix'),
    release: HeldBySchema,
    ms: Type.Integer({ description: 'How long reading took' }),
  },
  { $id: 'TrafficState', additionalProperties: false },
);
export type TrafficState = Static<typeof TrafficStateSchema>;

export const TrafficTestSchema = Type.Object(
  {
    ok: Type.Boolean(),
    problem: orNull(Type.String(), 'What has to be mended; null: nothing'),
    applyMs: orNull(Type.Integer(), 'How long setting the weight took that it had'),
    seenMs: orNull(Type.Integer(), 'How long until it was read back, from the start of setting'),
  },
  { $id: 'TrafficTest', additionalProperties: false },
);
export type TrafficTest = Static<typeof TrafficTestSchema>;

export const TrafficTargetParams = Type.Object(
  { ...EnvironmentParams.properties, target: Key },
  { additionalProperties: false },
);
