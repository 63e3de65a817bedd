import { Type } from '@sinclair/typebox';
import { TestSpecSchema } from '../evidence/test-spec.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';

const PathName = oneOf('run', 'read.old', 'read.new', 'write.old', 'write.new', 'current', 'candidate');
/** As `flags.track` has it, with `flags`. */
const EventName = Type.String({ minLength: 1, maxLength: 44 });
const VariantName = Type.String({ minLength: 1, maxLength: 100 });

const WatchSchema = Type.Union(
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

const MetricSchema = Type.Union(
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

const Mode = Type.Unsafe<'armed' | 'dry_run'>(
  Type.Union([Type.Literal('armed'), Type.Literal('dry_run')], {
    description: 'dry_run: it says what it would have done, and does nothing',
  }),
);

const given = {
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

const Ratio = Type.Union([Type.Number(), Type.Null()]);

/** How it stands with one variant of one flag, as the answering server sees it. */
const WatchedSchema = Type.Object(
  {
    flag: Type.Union([Type.String(), Type.Null()], { description: 'Null: none yet, of all that would be watched' }),
    variant: Type.Union([Type.String(), Type.Null()], { description: 'Null: nothing was measured yet' }),
    rule: Type.Union([Type.String(), Type.Null()], {
      description: 'Whose split is looked at; empty: the default rule; null: whatever serves the variant',
    }),
    silence: Type.Union([Type.String(), Type.Null()], { description: 'Why it says nothing at the moment' }),
    dueShare: Type.Optional(
      Type.Number({ description: 'Of sample_ratio: what share of subjects the split should give the variant' }),
    ),
    logE: Type.Union([Type.Number(), Type.Null()], { description: 'ln of the evidence so far; 0 is none' }),
    threshold: Type.Union([Type.Number(), Type.Null()], { description: 'At this logE or more it fails' }),
    detectable: Type.Union(
      [
        Type.Object(
          {
            rate: Type.Number({ description: 'The share of bad ones, 0 to 1' }),
            ratio: Type.Number({ description: 'So many times what it is without harm' }),
            withinMinutes: Type.Integer(),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      {
        description:
          'The least harm that it sees, typically, within this time of the traffic that it has had; null: none whatever, or ' +
          'nothing is known of the traffic yet',
      },
    ),
    failedAt: Type.Union([Timestamp, Type.Null()], { description: 'While it rests after a verdict' }),
  },
  { additionalProperties: false },
);

const ActorSchema = Type.Object(
  { kind: Type.String(), id: Type.String(), name: Type.String() },
  { additionalProperties: false },
);

export const SafeguardSchema = Type.Object(
  {
    id: Type.String(),
    ...given,
    mode: Mode,
    enabled: Type.Boolean(),
    failedAt: Type.Union([Timestamp, Type.Null()], { description: 'When it failed last, armed or not' }),
    watching: Type.Array(WatchedSchema, {
      description: 'What it watches, as far as anything was measured, 100 at most (10 in a list); and why it is silent',
    }),
    createdBy: ActorSchema,
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'Safeguard', additionalProperties: false },
);

export const StandardInput = Type.Object(
  {
    watch: Type.Union([WatchSchema.anyOf[0], WatchSchema.anyOf[1], WatchSchema.anyOf[2]], {
      description: 'measured: the environment’s default for all flags that run by `flags.run`',
    }),
    mode: Type.Optional(Mode),
  },
  { $id: 'StandardSafeguardsInput', additionalProperties: false },
);

export const StandardSchema = Type.Object(
  { items: Type.Array(refTo(SafeguardSchema)) },
  { $id: 'StandardSafeguards', additionalProperties: false },
);

const ArmSchema = Type.Object({ count: Type.Number(), bad: Type.Number() }, { additionalProperties: false });

const PointSchema = Type.Object(
  {
    from: Timestamp,
    to: Timestamp,
    candidate: ArmSchema,
    baseline: Type.Optional(ArmSchema),
    placebo: Type.Optional(
      Type.Object(
        { low: Type.Number(), high: Type.Number() },
        {
          additionalProperties: false,
          description: 'Between what shares of bad ones groups of the baseline lie that are as large as the candidate',
        },
      ),
    ),
    logE: Type.Optional(Type.Number({ description: 'After this step' })),
  },
  { additionalProperties: false },
);

export const StateSchema = Type.Object(
  {
    server: Type.String({ description: 'Each server judges on its own, from the counts of all' }),
    states: Type.Array(
      Type.Object(
        { ...WatchedSchema.properties, points: Type.Array(PointSchema, { description: 'Oldest first' }) },
        { additionalProperties: false },
      ),
    ),
  },
  { $id: 'SafeguardState', additionalProperties: false },
);

const OutcomeSchema = Type.Object(
  { action: Type.String(), result: Type.String(), reason: Type.String() },
  { additionalProperties: false },
);

const OutlierSchema = Type.Object(
  {
    kind: oneOf('version', 'instance'),
    name: Type.String({ description: 'Empty: of instances that say no version' }),
    count: Type.Number(),
    bad: Type.Number(),
    others: Type.Object(
      { groups: Type.Integer({ description: 'So many' }), count: Type.Number(), bad: Type.Number() },
      { additionalProperties: false, description: 'All but those that are named' },
    ),
  },
  { additionalProperties: false },
);

export const VerdictSchema = Type.Object(
  {
    id: Type.String(),
    at: Timestamp,
    safeguard: Type.Object(
      { id: Type.String(), name: Type.String(), version: Type.Integer() },
      { additionalProperties: false },
    ),
    flag: Type.String(),
    variant: Type.String(),
    baseline: Type.Union([Type.String(), Type.Null()]),
    deploy: Type.Optional(
      Type.Object(
        {
          version: Type.String(),
          isCompared: Type.Boolean({
            description: 'With the other versions; else on its own, or its variants with each other',
          }),
        },
        { additionalProperties: false, description: 'Of which version of the deploy; absent: of all' },
      ),
    ),
    alone: Type.Optional(
      Type.Array(OutlierSchema, {
        description: 'Versions and instances that were bad where the others were not; absent: nothing is known of them',
      }),
    ),
    metric: MetricSchema,
    test: refTo(TestSpecSchema),
    action: given.action,
    mode: Mode,
    summary: Type.String(),
    firstBadAt: Type.Union([Timestamp, Type.Null()], { description: 'Since when the evidence grew' }),
    logE: Ratio,
    threshold: Ratio,
    outcomes: Type.Array(OutcomeSchema, { description: 'What came of the action' }),
    server: Type.String({ description: 'Which server stored it' }),
    code: Type.String({ description: 'The version of Bunting that judged' }),
    hash: Type.String({ description: 'SHA-256 of the stored document as canonical JSON; in the audit chain, too' }),
  },
  { $id: 'SafeguardVerdict', additionalProperties: false },
);

export const ExplanationSchema = Type.Object(
  { sentences: Type.Array(Type.String()) },
  { $id: 'SafeguardExplanation', additionalProperties: false },
);

export const ReplayInput = Type.Object(
  { test: Type.Optional(refTo(TestSpecSchema)), alpha: Type.Optional(Type.Number({ minimum: 1e-9, maximum: 0.5 })) },
  {
    $id: 'SafeguardReplayInput',
    additionalProperties: false,
    description: 'Nothing: the same once more. alpha: what if it were another? test: another test on the same counts',
  },
);

export const ReplaySchema = Type.Object(
  {
    test: refTo(TestSpecSchema),
    verdict: oneOf('failed', 'pending'),
    failedAt: Type.Union([Timestamp, Type.Null()]),
    logE: Ratio,
    threshold: Ratio,
    same: Type.Boolean({ description: 'Bit for bit what was found then, and from what was counted then (hash)' }),
    points: Type.Array(PointSchema),
  },
  { $id: 'SafeguardReplay', additionalProperties: false },
);

const Sight = oneOf('watched', 'blind', 'unwatched');

const CoveredFlagSchema = Type.Object(
  {
    flag: Type.String(),
    sight: Sight,
    safeguards: Type.Integer({ description: 'How many watch it' }),
    why: Type.Union([Type.String(), Type.Null()], { description: 'Of what is blind: why it sees nothing' }),
  },
  { additionalProperties: false },
);

export const CoverageSchema = Type.Object(
  {
    watched: Type.Integer({ description: 'So many flags that are on have a safeguard that would see harm' }),
    blind: Type.Integer({ description: 'So many have some, none of which sees anything at the moment' }),
    unwatched: Type.Integer({ description: 'So many have none' }),
    items: Type.Array(CoveredFlagSchema, { description: 'By key' }),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  },
  {
    $id: 'SafeguardCoverage',
    additionalProperties: false,
    description: 'Which flags are watched, of those that are on and not killed; as the answering server sees it',
  },
);

export const CoverageQuery = Type.Object(
  { ...PageQuery, sight: Type.Optional(Sight) },
  { additionalProperties: false },
);

export const SafeguardsQuery = Type.Object(
  {
    ...PageQuery,
    flag: Type.Optional(
      Type.String({ ...Key, description: 'Only those that watch this flag, and what they see of it' }),
    ),
  },
  { additionalProperties: false },
);

const environmentParams = { project: Key, environment: Key };
const Id = Type.String({ maxLength: 100 });
export const SafeguardParams = Type.Object({ ...environmentParams, safeguard: Id }, { additionalProperties: false });
export const VerdictParams = Type.Object({ ...environmentParams, verdict: Id }, { additionalProperties: false });
export const VerdictQuery = Type.Object(
  { ...PageQuery, safeguard: Type.Optional(Id), flag: Type.Optional(Key) },
  { additionalProperties: false },
);
