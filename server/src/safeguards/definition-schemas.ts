import { Type } from '@sinclair/typebox';
import { TestSpecSchema } from '../evidence/test-spec.ts';
import { DisplayName, Key } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { refTo } from '../http/ref.ts';

const PathName = oneOf('run', 'read.old', 'read.new', 'write.old', 'write.new', 'current', 'candidate');
/** As `flags.track` has it, with `flags`. */
const EventName = Type.String({ minLength: 1, maxLength: 44 });
const VariantName = Type.String({ minLength: 1, maxLength: 100 });

export const WatchSchema = Type.Union(
  [
    Type.Object({ flag: Key }, { additionalProperties: false }),
    Type.Object({ tag: Type.String({ minLength: 1, maxLength: 100 }) }, { additionalProperties: false }),
    Type.Object({ measured: Type.Literal(true) }, { additionalProperties: false }),
  ],
  { description: 'One flag, those with a tag, or all that SDKs measure in the environment' },
);

const Query = (description: string) => Type.String({ minLength: 1, maxLength: 4000, description });
const ARM_QUERIES = {
  total: Query('How much happened in a step: `sum(increase(http_requests_total{version="new"}[$step]))`'),
  bad: Query('How much of it was bad; where no series means none, ending in `or vector(0)`'),
};

export const MetricSchema = Type.Union(
  [
    Type.Object({ kind: Type.Literal('errors'), path: Type.Optional(PathName) }, { additionalProperties: false }),
    Type.Object(
      {
        kind: Type.Literal('latency'),
        path: Type.Optional(PathName),
        aboveMs: Type.Optional(
          Type.Number({
            minimum: 0.001,
            maximum: 3_600_000,
            description: 'What takes longer is bad; left out for the test `latency`, which has thresholds of its own',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    Type.Object({ kind: Type.Literal('mismatches'), path: oneOf('read', 'shadow') }, { additionalProperties: false }),
    Type.Object(
      { kind: Type.Literal('events'), bad: EventName, good: EventName },
      { additionalProperties: false, description: 'How often one event, of both' },
    ),
    Type.Object(
      { kind: Type.Literal('values'), event: EventName, above: Type.Number({ minimum: 0.001, maximum: 3_600_000 }) },
      { additionalProperties: false, description: 'How often the value of an event is above this' },
    ),
    Type.Object({ kind: Type.Literal('exposures') }, { additionalProperties: false }),
    Type.Object(
      {
        kind: Type.Literal('prometheus'),
        source: Type.String({ ...Key, description: 'Key of a data source of the project' }),
        candidate: Type.Object(ARM_QUERIES, { additionalProperties: false }),
        baseline: Type.Optional(Type.Object(ARM_QUERIES, { additionalProperties: false })),
        stepMs: Type.Optional(
          Type.Integer({
            ...{ minimum: 5_000, maximum: 300_000, multipleOf: 1_000 },
            description:
              'How often it is asked, and the length of `$step`: at least twice the scrape interval. Else 15 s',
          }),
        ),
      },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      'errors: what threw, rejected or was not done by its deadline. latency: what took long. mismatches: results that ' +
      'differed, of a migration’s reads or of `flags.shadow`. Of `flags.run` unless another path is named. events, values: ' +
      'what `flags.track` counts for the flags that it names, with server keys. exposures: whom a split served, each ' +
      'subject once; for sample_ratio, of flags with `slices`. prometheus: what queries say; of one flag',
  },
);

const DeploySchema = Type.Union(
  [
    Type.Object({ version: Type.String({ minLength: 1, maxLength: 100 }) }, { additionalProperties: false }),
    Type.Object({ newest: Type.Literal(true) }, { additionalProperties: false }),
  ],
  {
    description:
      'Only what instances of one version of the deploy measured. newest: of the version that came last; where others run ' +
      'beside it, each variant is compared with itself in them, by relative_risk, latency and crash, not with other variants',
  },
);

export const Mode = Type.Unsafe<'armed' | 'dry_run'>(
  Type.Union([Type.Literal('armed'), Type.Literal('dry_run')], {
    description: 'dry_run: it says what it would have done, and does nothing',
  }),
);

/** What people say of a safeguard, besides whether it acts. */
export const given = {
  name: DisplayName,
  watch: WatchSchema,
  metric: MetricSchema,
  test: refTo(TestSpecSchema),
  candidate: Type.Optional(
    Type.String({ ...VariantName, description: 'The variant that is looked at; else each but the baseline' }),
  ),
  baseline: Type.Optional(
    Type.String({ ...VariantName, description: 'What it is compared with; else the off variant' }),
  ),
  deploy: Type.Optional(DeploySchema),
  action: oneOf('notify', 'pause', 'abort', 'kill'),
};

export const SafeguardInput = Type.Object(
  { ...given, mode: Type.Optional(Mode), enabled: Type.Optional(Type.Boolean()) },
  { $id: 'SafeguardInput', additionalProperties: false },
);

export const SafeguardPatch = Type.Partial(
  Type.Object({
    ...given,
    candidate: Type.Union([VariantName, Type.Null()], { description: 'null: each but the baseline' }),
    baseline: Type.Union([VariantName, Type.Null()], { description: 'null: the off variant' }),
    deploy: Type.Union([DeploySchema, Type.Null()], { description: 'null: of all versions' }),
    mode: Mode,
    enabled: Type.Boolean(),
  }),
  { $id: 'SafeguardPatch', additionalProperties: false, minProperties: 1 },
);
