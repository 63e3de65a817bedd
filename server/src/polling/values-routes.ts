import { createHash } from 'node:crypto';
import type { EvaluationContext } from '@bunting/core';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { ContextSink } from '../contexts/sink.ts';
import { RevisionSchema } from '../environments/schemas.ts';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import type { RequestLimits } from '../evaluate/request-limits.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { allowPages } from '../ofrep/cors.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { differ, evaluateFor } from '../stream/context-values.ts';
import type { StreamLimits } from '../stream/limits.ts';
import { type Origin, stampOf } from '../stream/origin.ts';
import { checkPageContext } from '../stream/page-context.ts';
import { TELEMETRY } from '../stream/schemas.ts';
import { STREAM_PATH } from '../stream/upgrade.ts';
import type { TelemetrySink } from '../telemetry/telemetry.ts';
import { ageHeadersOf } from './age-headers.ts';
import { type Caller, callerOf } from './caller.ts';
import { isMatched } from './conditional.ts';
import type { ValuesFeed } from './values-feed.ts';

export interface ValuesDependencies {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly keys: KeyRing;
  readonly telemetry: TelemetrySink;
  readonly contexts: ContextSink;
  readonly origin: Origin;
  readonly limits: Pick<StreamLimits, 'maxContextBytes'>;
  readonly requests: RequestLimits;
}

const NOTHING = { keys: [], outcomes: [] };

/** What was evaluated may come along with a context. */
const MAX_TELEMETRY_BYTES = 256 * 1024;

/** Further fields pass: a newer SDK may say more. */
const Question = Type.Object({
  context: Type.Unsafe<EvaluationContext>(Type.Object({}, { additionalProperties: true })),
  contextHash: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Where contexts must be proved: HMAC-SHA256, hex, of the canonical JSON (RFC 8785) of the context',
    }),
  ),
  telemetry: Type.Optional(
    Type.Object(TELEMETRY, { description: 'What the page evaluated and tracked since it last said so' }),
  ),
});

const Values = Type.Object(
  {
    type: Type.Literal('values'),
    revision: refTo(RevisionSchema),
    committedAtMs: Type.Number(),
    timeMs: Type.Number({ description: "The origin's clock, milliseconds since 1970, UTC" }),
    dataAgeMs: Type.Optional(Type.Number({ description: 'How old the data is; absent: 0' })),
    vouchAgeMs: Type.Optional(Type.Number({ description: 'How long ago leases were looked after; absent: the same' })),
    whole: Type.Literal(true),
    values: Type.Record(
      Type.String(),
      Type.Object({
        ...{ value: Type.Unknown(), variant: Type.String(), reason: Type.String() },
        lease: Type.Optional(
          Type.Object(
            { value: Type.Unknown(), variant: Type.String(), reason: Type.String(), seconds: Type.Number() },
            { description: 'Served instead when no server has been heard of for so long' },
          ),
        ),
      }),
    ),
    delete: Type.Array(Type.String(), { maxItems: 0 }),
  },
  { additionalProperties: false },
);

const tags = ['stream'];
const security = [{ sdkKey: [] }];
const logLevel = 'warn';

/** For pages whose WebSockets are cut: what they would be told, polled or as server-sent events. */
export async function valuesRoutes(app: App, dependencies: ValuesDependencies, feed: ValuesFeed): Promise<void> {
  await app.register(
    async (scope: App) => {
      allowPages(scope);
      pollValues(scope, dependencies);
      streamValues(scope, dependencies, feed);
    },
    { prefix: STREAM_PATH },
  );
}

function pollValues(app: App, dependencies: ValuesDependencies): void {
  const { compiled, origin, limits } = dependencies;
  app.post(
    '/values',
    {
      logLevel,
      bodyLimit: limits.maxContextBytes + MAX_TELEMETRY_BYTES,
      schema: {
        operationId: 'getValues',
        tags,
        security,
        summary: 'The values of one context, for client keys that poll',
        description:
          'A values message. The ETag is of the values themselves: it changes with whatever moves one of them, also when ' +
          'only time has passed. As in OFREP, If-None-Match is answered 304 although the method is POST; `*` is always, ' +
          'for pages that only have something to tell. How old the data is stands in the header stream-data-age-ms, too.',
        headers: Type.Object({ 'if-none-match': Type.Optional(Type.String()) }, { additionalProperties: true }),
        body: Question,
        response: {
          ...responses({ 200: Values }, 401, 403, 429),
          304: Type.Null({ description: 'The values are those of the ETag in If-None-Match' }),
        },
      },
    },
    async (request, reply) => {
      const { ruleset } = admit(request, dependencies);
      const { revision, committedAtMs } = ruleset;
      const stamp = stampOf(origin, ruleset);
      const now = evaluateFor(request.body.context, compiled.get(ruleset), stamp.timeMs);
      const values = Object.fromEntries(differ(NOTHING, now).changed);
      const tag = createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 22);
      reply.headers({
        'cache-control': 'private, no-cache',
        etag: `"${tag}"`,
        ...ageHeadersOf(stamp),
      });
      if (isMatched(request.headers['if-none-match'], tag)) return reply.code(304).send(undefined as never);
      return {
        type: 'values',
        ...{ revision, committedAtMs, ...stamp },
        ...{ whole: true, values, delete: [] },
      } as never;
    },
  );
}

function streamValues(app: App, dependencies: ValuesDependencies, feed: ValuesFeed): void {
  app.post(
    '/values/events',
    {
      logLevel,
      bodyLimit: dependencies.limits.maxContextBytes + MAX_TELEMETRY_BYTES,
      schema: {
        operationId: 'streamValues',
        tags,
        security,
        summary: 'The values of one context and their changes, for client keys, as server-sent events',
        description: 'Each event is a message of the stream: values (whole first), heartbeat, error or goodbye.',
        body: Question,
        response: {
          ...responses({}, 401, 403, 429),
          200: { description: 'Events of type message', content: { 'text/event-stream': { schema: Type.String() } } },
        },
      },
    },
    async (request, reply) => {
      const caller = admit(request, dependencies);
      const end = dependencies.requests.openStream(caller.key);
      const stream = feed.open(caller, request.body.context);
      stream.on('close', end);
      return reply
        .type('text/event-stream')
        .headers({ 'cache-control': 'private, no-store, no-transform', 'x-accel-buffering': 'no' })
        .send(stream as never);
    },
  );
}

/**
 * Lets a page in, and takes what it tells.
 * @throws {ApiError} when its key or context cannot be taken, or it asks too often
 */
function admit(
  { headers, body, ip }: Pick<FastifyRequest<{ Body: Static<typeof Question> }>, 'headers' | 'body' | 'ip'>,
  { keys, rulesets, limits, requests, telemetry: sink, contexts }: ValuesDependencies,
): Caller {
  const { context, contextHash, telemetry } = body;
  const caller = requests.admit(ip, () => callerOf(headers, 'client', keys, rulesets));
  const { maxContextBytes } = limits;
  checkPageContext(caller.ruleset.environmentId, { context, contextHash }, { keys, maxContextBytes });
  if (telemetry !== undefined) sink.record(caller.ruleset, 'client', { type: 'telemetry', ...telemetry });
  contexts.see(caller.ruleset, 'page', context);
  return caller;
}
