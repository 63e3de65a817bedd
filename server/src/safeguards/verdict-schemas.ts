import { Type } from '@sinclair/typebox';
import { TestSpecSchema } from '../evidence/test-spec.ts';
import { Key, Timestamp } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { given, MetricSchema, Mode } from './definition-schemas.ts';
import { PointSchema } from './state-schemas.ts';

const Ratio = Type.Union([Type.Number(), Type.Null()]);

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

const Id = Type.String({ maxLength: 100 });

export const VerdictParams = Type.Object(
  { project: Key, environment: Key, verdict: Id },
  { additionalProperties: false },
);

export const VerdictQuery = Type.Object(
  { ...PageQuery, safeguard: Type.Optional(Id), flag: Type.Optional(Key) },
  { additionalProperties: false },
);
