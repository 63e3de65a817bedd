import { type EvaluationContext, withContact } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { ContextSink, ContextSource } from '../contexts/sink.ts';
import type { CompiledRulesets } from '../evaluate/compiled-rulesets.ts';
import type { RequestLimits } from '../evaluate/request-limits.ts';
import type { Reach } from '../evaluate/served-keys.ts';
import { TimeSignal } from '../evaluate/time-signal.ts';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { responses } from '../http/responses.ts';
import type { KeyRing, KnownKey } from '../keys/key-ring.ts';
import type { EventStreams } from '../receipts/event-stream.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Origin } from '../stream/origin.ts';
import { checkProof } from '../stream/page-context.ts';
import type { TelemetrySink } from '../telemetry/telemetry.ts';
import { answerText, failure } from './answer-text.ts';
import { evaluateAll } from './bulk.ts';
import { callerOf, type OfrepCaller, rulesetOf } from './caller.ts';
import type { ChangeSignal } from './change-signal.ts';
import { allowPages } from './cors.ts';
import { handleOfrepErrors } from './errors.ts';
import { BulkAnswer, EvaluationFailure, EvaluationRequest, EvaluationSuccess, PROOF_HEADER } from './schemas.ts';
import { isTicketOf, keyIdOf, ticketFor } from './ticket.ts';
import { hasReached, versionOf } from './version.ts';

export interface OfrepDependencies {
  readonly rulesets: Rulesets;
  readonly compiled: CompiledRulesets;
  readonly keys: KeyRing;
  readonly telemetry: TelemetrySink;
  readonly contexts: Pick<ContextSink, 'see'>;
  readonly signal: ChangeSignal;
  readonly streams: EventStreams;
  readonly origin: Origin;
  readonly requests: RequestLimits;
  /** Where the server is reached below its host, as `basePathOf` says; absent: at the root. */
  readonly basePath?: string;
}

const tags = ['evaluation'];
/** Logging every evaluation would cost more than evaluating. */
const logLevel = 'warn';
const security = [{ sdkKey: [] }];
const PATH = '/evaluate/flags';
/** A page that is in the background for this long closes its event stream, and asks again when it is back. */
const INACTIVITY_S = 120;
/** How long an answer waits for a version that was announced by another server. */
const VERSION_WAIT_MS = 1_000;
const JSON_TYPE = 'application/json; charset=utf-8';

/** OpenFeature Remote Evaluation Protocol 0.3, for OFREP providers of any language. */
export async function ofrepRoutes(app: App, dependencies: OfrepDependencies): Promise<void> {
  await app.register(
    async (scope: App) => {
      allowPages(scope);
      handleOfrepErrors(scope);
      evaluateOne(scope, dependencies);
      evaluateMany(scope, dependencies);
      streamChanges(scope, dependencies);
    },
    { prefix: '/ofrep/v1' },
  );
}

function evaluateOne(app: App, dependencies: OfrepDependencies): void {
  const { compiled, telemetry, contexts, origin } = dependencies;
  app.post(
    `${PATH}/:key`,
    {
      logLevel,
      schema: {
        operationId: 'evaluateFlag',
        tags,
        security,
        summary: 'Evaluate one flag for a context (OFREP)',
        params: Type.Object({ key: Type.String({ maxLength: 200 }) }),
        headers: Type.Object(PROOF_HEADER, { additionalProperties: true }),
        body: EvaluationRequest,
        response: {
          ...responses({}, 401, 403, 429),
          200: EvaluationSuccess,
          400: EvaluationFailure,
          404: EvaluationFailure,
        },
      },
    },
    async (request, reply) => {
      const { key: caller, ruleset } = admit(request, dependencies);
      const { key } = request.params;
      const flags = compiled.get(ruleset);
      const isHidden = caller.kind === 'client' && !flags.isClientVisible(key);
      if (isHidden || !flags.has(key)) {
        const errorMessage = `There is no flag "${key}" in environment "${ruleset.environment}".`;
        return reply.code(404).send(failure(key, { errorCode: 'FLAG_NOT_FOUND', errorMessage }) as never);
      }
      const context = contextOf(request.body);
      const evaluation = withContact(flags.evaluate(key, context), origin.vouchAgeMs(ruleset));
      contexts.see(ruleset, sourceOf(caller), context);
      const { variant, reason, errorCode } = evaluation;
      telemetry.record(ruleset, caller.kind, {
        type: 'telemetry',
        exposures: [{ flag: key, ...(variant === undefined ? {} : { variant }), reason, count: 1 }],
      });
      return reply
        .code(errorCode === undefined ? 200 : 400)
        .type(JSON_TYPE)
        .serializer(String)
        .send(answerText(key, evaluation).text as never);
    },
  );
}

function evaluateMany(app: App, dependencies: OfrepDependencies): void {
  const { compiled, keys, signal, contexts, origin, basePath = '' } = dependencies;
  const events = `${basePath}${app.prefix}/events`;
  app.post(
    PATH,
    {
      logLevel,
      schema: {
        operationId: 'evaluateFlags',
        tags,
        security,
        summary: 'Evaluate all flags for a context (OFREP)',
        description:
          'A client key gets the flags that pages may see, a server key all of them. The ETag is of the answers: it changes ' +
          'with whatever moves one of them, also when only time has passed.',
        querystring: Type.Object(
          {
            flagConfigEtag: Type.Optional(Type.String({ maxLength: 2_000 })),
            flagConfigLastModified: Type.Optional(Type.String({ maxLength: 200 })),
          },
          { additionalProperties: true },
        ),
        headers: Type.Object(
          { 'if-none-match': Type.Optional(Type.String()), ...PROOF_HEADER },
          { additionalProperties: true },
        ),
        body: EvaluationRequest,
        response: {
          ...responses({}, 401, 403, 429),
          200: BulkAnswer,
          304: Type.Null({ description: 'The answers are those of the ETag in If-None-Match' }),
          400: EvaluationFailure,
        },
      },
    },
    async (request, reply) => {
      const { key, ruleset } = admit(request, dependencies);
      const { flagConfigEtag: version } = request.query;
      if (version !== undefined) {
        await signal.until(ruleset.environmentId, () => hasReached(ruleset, version), VERSION_WAIT_MS);
      }
      const context = contextOf(request.body);
      const { etag, flagsJson } = evaluateAll(compiled.get(ruleset), context, reachOf(key), origin.vouchAgeMs(ruleset));
      contexts.see(ruleset, sourceOf(key), context);
      reply.header('etag', etag);
      if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send(undefined as never);
      const { project, environment } = ruleset;
      const rest = JSON.stringify({
        eventStreams: [
          {
            type: 'sse',
            endpoint: { requestUri: `${events}?ticket=${encodeURIComponent(ticketOf(key.id, keys))}` },
            inactivityDelaySec: INACTIVITY_S,
          },
        ],
        metadata: { project, environment },
      });
      return reply
        .type(JSON_TYPE)
        .serializer(String)
        .send(`{"flags":${flagsJson},${rest.slice(1)}` as never);
    },
  );
}

function streamChanges(app: App, dependencies: OfrepDependencies): void {
  const { rulesets, compiled, keys, signal, streams, origin, requests } = dependencies;
  const nowMs = () => origin.nowMs();
  const times = new TimeSignal({ rulesets, compiled, nowMs });
  app.get(
    '/events',
    {
      logLevel,
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamFlagChanges',
        tags,
        security: [],
        summary: 'Server-sent events that ask to evaluate again (OFREP)',
        description: 'The address, with its ticket, is in the answer of evaluateFlags.',
        querystring: Type.Object({ ticket: Type.String({ maxLength: 200 }) }, { additionalProperties: true }),
        response: {
          ...responses({}, 401, 403, 429),
          400: EvaluationFailure,
          200: { description: 'Events of type message', content: { 'text/event-stream': { schema: Type.String() } } },
        },
      },
    },
    async (request, reply) => {
      const { ticket } = request.query;
      const known = keys.findById(keyIdOf(ticket) ?? '');
      if (known === undefined || !isTicketOf(ticket, known.key.id, known.hash)) {
        throw new ApiError(
          'unauthenticated',
          'The ticket is not valid (any more). Evaluate the flags again for another.',
        );
      }
      const ruleset = rulesetOf(known.key, rulesets);
      const endStream = requests.openStream(known.key);
      /** When time alone moved something, in seconds since 1970; each time another. */
      let lastModified: number | undefined;
      const stream = streams.open(
        [
          {
            event: 'message',
            read: () => ({ type: 'refetchEvaluation', etag: versionOf(ruleset), lastModified }),
            watch(listener) {
              const stopChanges = signal.watch(ruleset.environmentId, listener);
              const stopTime = times.watch(ruleset, reachOf(known.key), () => {
                lastModified = Math.max((lastModified ?? 0) + 1, Math.floor(nowMs() / 1000));
                listener();
              });
              return () => {
                stopChanges();
                stopTime();
              };
            },
          },
        ],
        {
          isValid: async () => keys.findById(known.key.id) !== undefined,
          onEnd: (listener) => keys.onRevoke((keyId) => keyId === known.key.id && listener()),
        },
      );
      stream.on('close', endStream);
      return reply
        .type('text/event-stream')
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(stream as never);
    },
  );
}

/** @throws {ApiError} when the caller may not evaluate, not so often, or not for this context */
function admit(
  { headers, body, ip }: Pick<FastifyRequest<{ Body: Question }>, 'headers' | 'body' | 'ip'>,
  { keys, rulesets, requests }: OfrepDependencies,
): OfrepCaller {
  const caller = requests.admit(ip, () => callerOf(headers, keys, rulesets));
  if (caller.key.kind === 'client') {
    const [contextHash] = [headers['x-context-hash']].flat();
    const claim = { context: contextOf(body), contextHash };
    checkProof(caller.ruleset.environmentId, claim, keys);
  }
  return caller;
}

function sourceOf({ kind }: KnownKey): ContextSource {
  return kind === 'client' ? 'page' : 'server';
}

function reachOf({ kind }: KnownKey): Reach {
  return kind === 'client' ? 'visible' : 'all';
}

function ticketOf(keyId: string, keys: KeyRing): string {
  const known = keys.findById(keyId);
  if (known === undefined) throw new Error(`key ${keyId} let a request in and is not known`);
  return ticketFor(keyId, known.hash);
}

interface Question {
  readonly context?: EvaluationContext;
}

function contextOf({ context = {} }: Question): EvaluationContext {
  return context;
}
