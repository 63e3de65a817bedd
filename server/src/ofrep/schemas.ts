import type { EvaluationContext } from '@bunting/core';
import { Type } from '@sinclair/typebox';

/** OpenFeature Remote Evaluation Protocol 0.3 (open-feature/protocol, service/openapi.yaml). */

/** What it may be is for the evaluator to say: a flag that asks nothing of its context answers whatever it is. */
const context = Type.Optional(
  Type.Unsafe<EvaluationContext>(
    Type.Unknown({ description: 'The subject: an object with targetingKey and any attributes' }),
  ),
);

export const PROOF_HEADER = {
  'x-context-hash': Type.Optional(
    Type.String({ maxLength: 200, description: 'Proves the context where the environment requires it of client keys' }),
  ),
};

/** Further fields pass: a newer client may send more. */
export const EvaluationRequest = Type.Object({ context }, { additionalProperties: true });

export const EvaluationSuccess = Type.Object({
  key: Type.String(),
  value: Type.Unknown(),
  reason: Type.String(),
  variant: Type.Optional(Type.String()),
  metadata: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
});

export const EvaluationFailure = Type.Object({
  key: Type.Optional(Type.String({ description: 'Absent where the whole request failed' })),
  errorCode: Type.String({
    description: 'FLAG_NOT_FOUND, PARSE_ERROR, TARGETING_KEY_MISSING, INVALID_CONTEXT or GENERAL',
  }),
  errorDetails: Type.Optional(Type.String()),
});

export const BulkAnswer = Type.Object({
  flags: Type.Array(Type.Union([EvaluationSuccess, EvaluationFailure])),
  eventStreams: Type.Array(
    Type.Object({
      type: Type.Literal('sse'),
      endpoint: Type.Object({ requestUri: Type.String() }),
      inactivityDelaySec: Type.Integer(),
    }),
  ),
  metadata: Type.Object({ project: Type.String(), environment: Type.String() }),
});
