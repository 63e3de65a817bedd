import { Type } from '@sinclair/typebox';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PHASES } from '../releases/phase.ts';

const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'Of what answers `/api/v1/query`, without that; https, on the public internet unless allowed',
});

const Auth = Type.Union(
  [
    Type.Object({ kind: Type.Literal('none') }, { additionalProperties: false }),
    Type.Object(
      { kind: Type.Literal('bearer'), token: Type.String({ minLength: 1, maxLength: 4000 }) },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        kind: Type.Literal('basic'),
        username: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^:]*$' }),
        password: Type.String({ minLength: 1, maxLength: 4000 }),
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'What it asks for; kept sealed, and never shown' },
);

const given = { name: DisplayName, url: Url };

export const DataSourceSchema = Type.Object(
  {
    key: Key,
    ...given,
    auth: oneOf('none', 'bearer', 'basic'),
    usedBy: Type.Array(
      Type.Object({ environment: Key, safeguard: Type.String(), name: DisplayName }, { additionalProperties: false }),
      { description: 'The safeguards that read it: their environments, ids and names' },
    ),
    usedByReleases: Type.Array(
      Type.Object(
        { environment: Key, release: Type.String(), title: DisplayName, phase: oneOf(...PHASES) },
        { additionalProperties: false },
      ),
      { description: 'The releases that have not ended, and have a gate that reads it' },
    ),
    usedByTemplates: Type.Array(Type.Object({ template: Key, name: DisplayName }, { additionalProperties: false }), {
      description: "The project's own templates of releases with a gate that reads it",
    }),
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'DataSource', additionalProperties: false, description: 'A Prometheus, or what speaks as one' },
);

export const DataSourceInput = Type.Object(
  { key: Key, ...given, auth: Type.Optional(Auth) },
  { $id: 'DataSourceInput', additionalProperties: false },
);

export const DataSourcePatch = Type.Partial(Type.Object({ ...given, auth: Auth }), {
  $id: 'DataSourcePatch',
  additionalProperties: false,
  minProperties: 1,
});

export const DataSourceQuery = Type.Object(
  {
    query: Type.String({ minLength: 1, maxLength: 4000, description: 'PromQL that gives one number' }),
    stepMs: Type.Optional(
      Type.Integer({ minimum: 5_000, maximum: 300_000, multipleOf: 1_000, description: 'For `$step`. Else 15 s' }),
    ),
  },
  { $id: 'DataSourceQuery', additionalProperties: false },
);

export const DataSourceAnswer = Type.Object(
  {
    result: oneOf('number', 'no_data', 'error'),
    value: Type.Union([Type.Number(), Type.Null()]),
    reason: Type.Union([Type.String(), Type.Null()], { description: 'Why there is no number' }),
    ms: Type.Integer({ description: 'How long it took' }),
  },
  { $id: 'DataSourceAnswer', additionalProperties: false },
);

export const DataSourceParams = Type.Object({ project: Key, source: Key }, { additionalProperties: false });
