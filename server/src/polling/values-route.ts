import { createHash } from 'node:crypto';
import type { EvaluationContext, ValuesMessage } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { RevisionSchema } from '../environments/schemas.ts';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { allowPages } from '../ofrep/cors.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { differ, evaluateFor } from '../stream/context-values.ts';
import type { StreamLimits } from '../stream/limits.ts';
import { type Origin, stampOf } from '../stream/origin.ts';
import { STREAM_PATH } from '../stream/upgrade.ts';
import { callerOf } from './caller.ts';
import { isMatched } from './conditional.ts';

export interface ValuesDependencies {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly keys: KeyRing;
  readonly origin: Origin;
  readonly limits: Pick<StreamLimits, 'maxContextBytes'>;
}

const NOTHING = { keys: [], outcomes: [] };

const Question = Type.Object({
  context: Type.Unsafe<EvaluationContext>(Type.Object({}, { additionalProperties: true })),
});

const Values = Type.Object(
  {
    type: Type.Literal('values'),
    revision: refTo(RevisionSchema),
    committedAtMs: Type.Number(),
    timeMs: Type.Number({ description: "The origin's clock, milliseconds since 1970, UTC" }),
    dataAgeMs: Type.Optional(Type.Number({ description: 'How old the data is; absent: 0' })),
    whole: Type.Literal(true),
    values: Type.Record(
      Type.String(),
      Type.Object({ value: Type.Unknown(), variant: Type.String(), reason: Type.String() }),
    ),
    delete: Type.Array(Type.String(), { maxItems: 0 }),
  },
  { additionalProperties: false },
);

/** What a page's WebSocket is told at first, for pages that poll. */
export async function valuesRoute(app: App, dependencies: ValuesDependencies): Promise<void> {
  const { rulesets, compiled, keys, origin, limits } = dependencies;
  await app.register(
    async (scope: App) => {
      allowPages(scope);
      scope.post(
        '/values',
        {
          logLevel: 'warn',
          bodyLimit: limits.maxContextBytes,
          schema: {
            operationId: 'getValues',
            tags: ['stream'],
            security: [{ sdkKey: [] }],
            summary: 'The values of one context, for client keys that poll',
            description:
              'A values message. The ETag is of the values themselves: it changes with whatever moves one of them, also when ' +
              'only time has passed. As in OFREP, If-None-Match is answered 304 although the method is POST.',
            headers: Type.Object({ 'if-none-match': Type.Optional(Type.String()) }, { additionalProperties: true }),
            body: Question,
            response: {
              ...responses({ 200: Values }, 401, 403),
              304: Type.Null({ description: 'The values are those of the ETag in If-None-Match' }),
            },
          },
        },
        async (request, reply) => {
          const { ruleset } = callerOf(request.headers, 'client', keys, rulesets);
          const { revision, committedAtMs } = ruleset;
          const stamp = stampOf(origin, ruleset);
          const now = evaluateFor(request.body.context, compiled.get(ruleset), stamp.timeMs);
          const values = Object.fromEntries(differ(NOTHING, now).changed);
          const tag = createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 22);
          reply.headers({ 'cache-control': 'private, no-cache', etag: `"${tag}"` });
          if (isMatched(request.headers['if-none-match'], tag)) return reply.code(304).send(undefined as never);
          const message: ValuesMessage = {
            type: 'values',
            ...{ revision, committedAtMs, ...stamp },
            ...{ whole: true, values, delete: [] },
          };
          return message as never;
        },
      );
    },
    { prefix: STREAM_PATH },
  );
}
