import type {
  ClientMessage,
  ComparisonCount,
  ContextsMessage,
  EvaluationContext,
  HeartbeatMessage,
  HelloMessage,
  KillReceiptMessage,
  MeasurementsMessage,
  PathName,
  ReceiptMessage,
  TelemetryMessage,
} from '@bunting/core';
import { MAX_FIRSTS } from '@bunting/core';
import { type TSchema, Type } from '@sinclair/typebox';
import { compileValidator, type Validator } from '../http/validate.ts';
import { checkingWindows } from '../measurements/window.ts';

/**
 * What clients may say. Fields that are not named here pass: within one protocol version a newer SDK may say more, and
 * must still be let in.
 */

const Name = Type.String({ minLength: 1, maxLength: 200 });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const RevisionSchema = Type.Object({
  incarnation: Type.String({ minLength: 1, maxLength: 200 }),
  number: Count,
  hash: Type.String({ maxLength: 200 }),
});

/** Who an instance says it is. */
export const INTRODUCTION = {
  sdk: Type.Object({ name: Name, version: Name }),
  instance: Type.Object({ id: Name, app: Type.Optional(Name), host: Type.Optional(Name) }),
  deploy: Type.Optional(
    Type.Object({ version: Type.Optional(Name), stage: Type.Optional(Name), color: Type.Optional(Name) }),
  ),
};

const Hello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Integer({ minimum: 1 }),
  key: Type.String({ maxLength: 200 }),
  ...INTRODUCTION,
  have: Type.Union([RevisionSchema, Type.Null()]),
  context: Type.Optional(Type.Unsafe<EvaluationContext>(Type.Object({}, { additionalProperties: true }))),
  contextHash: Type.Optional(Type.String({ maxLength: 200 })),
  accept: Type.Optional(
    Type.Unsafe<HelloMessage['accept']>(Type.Array(Type.String({ maxLength: 20 }), { maxItems: 20 })),
  ),
});

const Receipt = Type.Object({
  type: Type.Literal('receipt'),
  revision: RevisionSchema,
  broken: Type.Object({ count: Count, keys: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 }) }),
});

/** The events of a telemetry message; also of one that a relay added up. */
export const METRIC_EVENTS = Type.Optional(
  Type.Array(Type.Object({ name: Name, count: Count, sum: Type.Number() }), { maxItems: 1_000 }),
);

/** What a telemetry message says. */
export const TELEMETRY = {
  exposures: Type.Array(
    Type.Object({
      flag: Type.String({ maxLength: 200 }),
      variant: Type.Optional(Type.String({ maxLength: 200 })),
      reason: Type.Unsafe<TelemetryMessage['exposures'][number]['reason']>(Type.String({ maxLength: 100 })),
      count: Count,
    }),
    { maxItems: 10_000 },
  ),
  events: METRIC_EVENTS,
};

const Telemetry = Type.Object({ type: Type.Literal('telemetry'), ...TELEMETRY });

/** What is told of contexts; also by a relay. What of it can be used is decided where it is taken in. */
export const CONTEXTS = {
  attributes: Type.Array(
    Type.Object({
      path: Type.String({ maxLength: 1_000 }),
      type: Type.Unsafe<ContextsMessage['attributes'][number]['type']>(Type.String({ maxLength: 100 })),
      count: Count,
    }),
    { maxItems: 2_000 },
  ),
  samples: Type.Array(
    Type.Object({
      context: Type.Unsafe<ContextsMessage['samples'][number]['context']>(
        Type.Object({}, { additionalProperties: true }),
      ),
      seenAtMs: Type.Number(),
      count: Count,
      isCut: Type.Optional(Type.Boolean()),
    }),
    { maxItems: 2_000 },
  ),
  dropped: Type.Optional(Count),
};

const Contexts = Type.Object({ type: Type.Literal('contexts'), ...CONTEXTS });

const Text = Type.String({ maxLength: 200 });
const Hash = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 });
/** As the sketches write themselves; whether they can be read is looked at beyond the schema. */
const Sketch = Type.String({ maxLength: 10_000 });

/** What one instance measured; also of one behind a relay. */
export const WINDOW = {
  seq: Count,
  startMs: Type.Number({ minimum: 0, maximum: 8.64e15 }),
  durationMs: Type.Number({ minimum: 0, maximum: 86_400_000 }),
  paths: Type.Array(
    Type.Object({
      flag: Text,
      variant: Text,
      reason: Type.Unsafe<MeasurementsMessage['paths'][number]['reason']>(Type.String({ maxLength: 100 })),
      ruleId: Type.Optional(Text),
      path: Type.Unsafe<PathName>(Type.String({ maxLength: 50 })),
      count: Count,
      errors: Count,
      timeouts: Type.Optional(Count),
      durations: Type.Optional(Sketch),
      failing: Type.Optional(Sketch),
      slices: Type.Optional(Type.Array(Count, { maxItems: 300 })),
      firsts: Type.Optional(Type.Object({ mark: Hash, hashes: Type.Array(Hash, { maxItems: MAX_FIRSTS }) })),
    }),
    { maxItems: 5_000 },
  ),
  comparisons: Type.Optional(
    Type.Array(
      Type.Object({
        flag: Text,
        variant: Text,
        path: Type.Unsafe<ComparisonCount['path']>(Type.String({ maxLength: 50 })),
        compared: Count,
        mismatched: Count,
        skipped: Count,
      }),
      { maxItems: 5_000 },
    ),
  ),
  dropped: Type.Optional(Count),
};

const Measurements = Type.Object({ type: Type.Literal('measurements'), ...WINDOW });

const KillReceipt = Type.Object({
  type: Type.Literal('kill-receipt'),
  flag: Type.String({ minLength: 1, maxLength: 200 }),
  epoch: Count,
  engaged: Type.Boolean(),
});

const Heartbeat = Type.Object({
  type: Type.Literal('heartbeat'),
  dataAgeMs: Type.Optional(Type.Number({ minimum: 0 })),
});

type Validators = { readonly [T in ClientMessage['type']]: Validator<Extract<ClientMessage, { type: T }>> };

const compile = <T>(schema: TSchema) => compileValidator<T>(schema);

export const CLIENT_MESSAGES: Validators = {
  hello: compile<HelloMessage>(Hello),
  receipt: compile<ReceiptMessage>(Receipt),
  'kill-receipt': compile<KillReceiptMessage>(KillReceipt),
  telemetry: compile<TelemetryMessage>(Telemetry),
  contexts: compile<ContextsMessage>(Contexts),
  measurements: checkingWindows(compile<MeasurementsMessage>(Measurements), (message) => [message]),
  heartbeat: compile<HeartbeatMessage>(Heartbeat),
};
