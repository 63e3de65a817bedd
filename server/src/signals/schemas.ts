import { type TUnsafe, Type } from '@sinclair/typebox';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';
import { ACTIONS } from '../interventions/intervention.ts';
import { VENDORS } from './episode.ts';

const keys = (description: string) => Type.Array(Key, { minItems: 1, maxItems: 100, description });
/** `description` of what is one of a few words. */
const described = <T>(schema: TUnsafe<T>, description: string): TUnsafe<T> =>
  Type.Unsafe<T>({ ...schema, description });

const AllowanceSchema = Type.Object(
  {
    projects: Type.Optional(keys('Without it any; a source of a project touches that one only')),
    environments: Type.Optional(keys('Without it any')),
    flags: Type.Optional(keys('These, and those with one of the tags; without either, any')),
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 100 })),
    action: described(
      oneOf(...ACTIONS),
      'The most forceful action; for flags: notify, pause, abort (of the release that they are in) or kill',
    ),
  },
  { additionalProperties: false },
);

const Mode = described(oneOf('armed', 'dry_run'), 'dry_run: signals are judged and recorded, nothing is done. Default');

const Topics = Type.Array(
  Type.String({ pattern: '^arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_.-]{1,256}$', maxLength: 400 }),
  { maxItems: 50, description: 'cloudwatch: the ARNs of the topics of SNS that may send here' },
);

const Mapping = Type.String({
  minLength: 1,
  maxLength: 4000,
  description:
    'generic: an expression in CEL that makes of `body` an alert {status, fingerprint, startsAt, labels, annotations}, a list of them, or null',
});

const settings = { name: DisplayName, allow: AllowanceSchema, mode: Mode };

const SetUpStep = Type.Object(
  {
    what: Type.String({ description: 'The field, or the file' }),
    enter: Type.String({ description: 'What to type there' }),
  },
  { additionalProperties: false },
);

export const SignalSourceSchema = Type.Object(
  {
    key: Key,
    vendor: oneOf(...VENDORS),
    project: Type.Union([Key, Type.Null()], { description: 'null: of the whole installation' }),
    ...settings,
    topics: Topics,
    mapping: Type.Union([Mapping, Type.Null()]),
    hasSecret: Type.Boolean({ description: 'false: nothing it sends is believed, but for cloudwatch, which has none' }),
    previousUntil: Type.Union([Timestamp, Type.Null()], { description: 'So long the secret before is believed, too' }),
    url: Type.String({ description: 'Where the vendor sends to' }),
    setUp: Type.Array(SetUpStep, {
      description: 'What to type into the vendor; a mark is in the place of the secret, but where that is told',
    }),
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'SignalSource', additionalProperties: false },
);

const Secret = Type.Union([Type.String(), Type.Null()], {
  description: 'Shown only here; null: the vendor makes one, or needs none',
});

export const NewSignalSourceSchema = Type.Object(
  { ...SignalSourceSchema.properties, secret: Secret },
  { $id: 'NewSignalSource', additionalProperties: false },
);

const GivenSecret = Type.String({
  minLength: 8,
  maxLength: 500,
  description: 'pagerduty, sentry: the secret that the vendor shows. For others one is made',
});

export const SignalSourceInput = Type.Object(
  {
    key: Key,
    vendor: oneOf(...VENDORS),
    project: Type.Optional(Key),
    name: settings.name,
    allow: settings.allow,
    mode: Type.Optional(Mode),
    topics: Type.Optional(Topics),
    mapping: Type.Optional(Mapping),
    secret: Type.Optional(GivenSecret),
  },
  { $id: 'SignalSourceInput', additionalProperties: false },
);

export const SignalSourcePatch = Type.Partial(
  Type.Object({ ...settings, topics: Topics, mapping: Type.Union([Mapping, Type.Null()]) }),
  { $id: 'SignalSourcePatch', additionalProperties: false, minProperties: 1 },
);

export const SignalSecretInput = Type.Object(
  {
    secret: Type.Optional(GivenSecret),
    overlapHours: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 168,
        description: 'How long the secret before is believed, too. Default: 24; 0 when it has leaked',
      }),
    ),
  },
  { $id: 'SignalSecretInput', additionalProperties: false },
);

export const SignalSecretSchema = Type.Object(
  {
    secret: Secret,
    previousUntil: Type.Union([Timestamp, Type.Null()], { description: 'So long the one before is believed, too' }),
    setUp: Type.Array(SetUpStep, { description: 'What to type into the vendor, the new one filled in' }),
  },
  { $id: 'SignalSecret', additionalProperties: false },
);

export const SourceParams = Type.Object({ source: Key }, { additionalProperties: false });

export const SourceQuery = Type.Object({ ...PageQuery, project: Type.Optional(Key) }, { additionalProperties: false });
