import { Type } from '@sinclair/typebox';
import { EnvironmentParams } from '../environments/schemas.ts';
import { DisplayName, Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { HeldBySchema } from '../releases/held-by.ts';

const PhaseSchema = oneOf(
  'baseline',
  'expand',
  'dual_write',
  'backfill',
  'shadow_read',
  'read_new',
  'read_only_new',
  'stop_old_write',
  'contract',
);

const Sql = Type.String({ minLength: 1, maxLength: 100_000 });
const on = Type.Optional(oneOf('old', 'new'));
const timeoutSeconds = Type.Optional(Type.Integer({ minimum: 1, maximum: 604_800, description: 'Default: 60' }));
const strict = { additionalProperties: false } as const;

const SqlStep = Type.Object(
  {
    sql: Sql,
    on,
    transaction: Type.Optional(
      Type.Boolean({
        description: 'In one transaction, or one statement outside. Default: unless it says concurrently',
      }),
    ),
    unless: Type.Optional(Type.Unsafe<string>({ ...Sql, description: 'Done already where this returns a row' })),
    timeoutSeconds,
  },
  { ...strict, description: 'SQL, run with the role of the connection URL' },
);

const BackfillStep = Type.Object(
  {
    backfill: Type.String({
      minLength: 1,
      maxLength: 100_000,
      description:
        'A statement that does `:limit` rows after `:cursor` and returns one row: `cursor`, where it came to (null: no ' +
        'more), and `rows`, how many. It must be right to do rows twice',
    }),
    on,
    from: Type.String({ maxLength: 1_000, description: 'The first cursor' }),
    count: Type.Optional(Sql),
    batchRows: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description: 'Default: 1000' })),
    share: Type.Optional(Type.Number({ minimum: 0.01, maximum: 1, description: 'Of the time. Default: 0.5' })),
    maxLagSeconds: Type.Optional(
      Type.Number({
        minimum: 0.1,
        maximum: 86_400,
        description: 'It rests while a replica is behind by more. Default: 10',
      }),
    ),
    timeoutSeconds,
  },
  { ...strict, description: 'Copies rows in batches, and goes on where it stood' },
);

const WebhookStep = Type.Object(
  {
    webhook: Type.String({ minLength: 1, maxLength: 2_000 }),
    timeoutSeconds,
  },
  {
    ...strict,
    description: 'POST to a tool: 2xx is done, 202 under way (it is asked again), 429 and 5xx are tried again',
  },
);

const CommandStep = Type.Object(
  {
    command: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' }),
    timeoutSeconds,
  },
  { ...strict, description: 'A program in the folder BUNTING_MIGRATION_COMMANDS of the server' },
);

const withinSeconds = Type.Optional(
  Type.Integer({ minimum: 0, maximum: 604_800, description: 'Asked again for so long before it has failed' }),
);

const SqlCheck = Type.Object(
  { sql: Sql, on, withinSeconds, timeoutSeconds },
  { ...strict, description: 'Holds when it returns no row, or one row with one value that is true' },
);

const SameCheck = Type.Object(
  { same: Sql, withinSeconds, timeoutSeconds },
  { ...strict, description: 'Holds when both databases give it the same answer' },
);

const Check = Type.Union([
  SqlCheck,
  SameCheck,
  Type.Object(
    {
      reads: Type.Object(
        {
          minCompared: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
          maxMismatchedPer100k: Type.Integer({ minimum: 0, maximum: 100_000 }),
        },
        strict,
      ),
      withinSeconds,
    },
    { ...strict, description: 'Holds when reads of flags.migrate compared enough, and differed seldom enough' },
  ),
]);

const Step = Type.Union([
  SqlStep,
  BackfillStep,
  WebhookStep,
  CommandStep,
  Type.Object(
    { check: Type.Union([SqlCheck, SameCheck]) },
    { ...strict, description: 'Something that must hold before the next step' },
  ),
]);

const PhaseDefinition = Type.Object(
  {
    up: Type.Optional(Type.Array(Step, { maxItems: 50 })),
    down: Type.Optional(Type.Array(Step, { maxItems: 50 })),
    verify: Type.Optional(Type.Array(Check, { maxItems: 20 })),
    isReversible: Type.Optional(Type.Boolean()),
    bakeSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 31_536_000 })),
    returnsOnFailure: Type.Optional(
      Type.Boolean({ description: 'Goes back by itself when it fails on the way to this phase. Default: it waits' }),
    ),
  },
  strict,
);

const phase = Type.Optional(PhaseDefinition);

const definition = {
  name: DisplayName,
  flag: Type.Optional(Type.Unsafe<string>({ ...Key, description: 'A flag of kind migration, which it drives' })),
  code: Type.Optional(
    Type.Object(
      {
        app: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        version: Type.String({ minLength: 1, maxLength: 256 }),
      },
      { ...strict, description: 'What every instance must run before rows are copied: this version or a later one' },
    ),
  ),
  settleSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 3_600,
      description: 'How long a read or write of the application takes at most. Default: 5',
    }),
  ),
  replication: Type.Optional(
    Type.Object(
      {
        tables: Type.Array(Type.String({ pattern: '^[a-z_][a-z0-9_]*([.][a-z_][a-z0-9_]*)?$', maxLength: 127 }), {
          minItems: 1,
          maxItems: 1_000,
        }),
        variants: Type.Object({ old: Type.String({ maxLength: 100 }), new: Type.String({ maxLength: 100 }) }, strict),
        maxLagBytes: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e12, description: 'Default: 1000000' })),
        maxPauseSeconds: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 3_600, description: 'How long writes may be stopped. Default: 30' }),
        ),
      },
      {
        ...strict,
        description: 'Tables that move to newDatabase by logical replication: its phases need no steps of their own',
      },
    ),
  ),
  phases: Type.Object(
    {
      ...{ expand: phase, dual_write: phase, backfill: phase, shadow_read: phase, read_new: phase },
      ...{ read_only_new: phase, stop_old_write: phase, contract: phase },
    },
    strict,
  ),
};

const Url = Type.String({ minLength: 1, maxLength: 2_000, description: 'postgres://role:password@host:5432/database' });

const secrets = {
  database: Type.Optional(Url),
  newDatabase: Type.Optional(Type.Unsafe<string>({ ...Url, description: 'Where steps with `on: new` run' })),
  webhookSecret: Type.Optional(
    Type.String({ pattern: '^whsec_[A-Za-z0-9+/=]{24,128}$', description: 'What calls to tools are signed with' }),
  ),
};

const Database = Type.Union([
  Type.Null(),
  Type.Object({ host: Type.String(), database: Type.String(), role: Type.String() }, strict),
]);

export const MigrationPlanInput = Type.Object(
  { key: Key, ...definition, ...secrets },
  { $id: 'MigrationPlanInput', additionalProperties: false },
);

export const MigrationPlanPatch = Type.Partial(Type.Object({ ...definition, ...secrets }), {
  $id: 'MigrationPlanPatch',
  additionalProperties: false,
  minProperties: 1,
});

const Moment = Type.Union([Timestamp, Type.Null()]);
const Sentence = Type.Union([Type.String(), Type.Null()]);

export const MigrationPlanSchema = Type.Object(
  {
    key: Key,
    ...definition,
    database: Database,
    newDatabase: Database,
    phase: PhaseSchema,
    enteredAt: Timestamp,
    wanted: PhaseSchema,
    isMoving: Type.Boolean(),
    floor: PhaseSchema,
    floorReason: Sentence,
    pointsOfNoReturn: Type.Array(Type.Object({ phase: PhaseSchema, reason: Type.String() }, strict), {
      description: 'The phases that cannot be left backwards once they are begun',
    }),
    release: HeldBySchema,
    pause: Type.Union([Type.Null(), Type.Object({ by: Type.String(), reason: Type.String(), at: Timestamp }, strict)], {
      description: 'Who stopped it, until someone resumes it; null: nobody did',
    }),
    problem: Type.Unsafe<string | null>({
      ...Sentence,
      description: 'Why it does not go on until someone does something',
    }),
    waiting: Type.Array(Type.String()),
    progress: Type.Union([
      Type.Null(),
      Type.Object({ done: Type.Integer(), total: Type.Union([Type.Integer(), Type.Null()]) }, strict),
    ]),
    version: Type.Integer(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'MigrationPlan', additionalProperties: false, description: 'How a database changes while it is in use' },
);

export const MigrationRunSchema = Type.Object(
  {
    id: Type.String(),
    phase: PhaseSchema,
    direction: oneOf('up', 'down'),
    action: Type.String({ description: 'What was done' }),
    outcome: oneOf('running', 'succeeded', 'failed'),
    startedAt: Timestamp,
    endedAt: Moment,
    ms: Type.Union([Type.Integer(), Type.Null()]),
    rows: Type.Integer({ description: 'That a backfill did' }),
    total: Type.Union([Type.Integer(), Type.Null()]),
    output: Type.String(),
  },
  { $id: 'MigrationRun', additionalProperties: false, description: 'One action of a plan' },
);

export const MigrationCommand = Type.Union(
  [
    Type.Object({ command: Type.Literal('go'), to: PhaseSchema }, strict),
    Type.Object({ command: oneOf('resume', 'retry') }, strict),
    Type.Object({ command: Type.Literal('pause'), reason: Type.String({ minLength: 1, maxLength: 1_000 }) }, strict),
  ],
  { $id: 'MigrationCommand' },
);

export const MigrationPreview = Type.Object(
  {
    allowed: Type.Boolean(),
    refusal: Sentence,
    moves: Type.Array(
      Type.Object(
        { phase: PhaseSchema, direction: oneOf('up', 'down'), actions: Type.Array(Type.String()) },
        { ...strict, description: 'What is done one after the other' },
      ),
    ),
  },
  { $id: 'MigrationPreview', additionalProperties: false, description: 'What going to a phase would do' },
);

export const PlanParams = Type.Object({ ...EnvironmentParams.properties, plan: Key }, strict);
export const PreviewQuery = Type.Object({ to: PhaseSchema }, strict);
