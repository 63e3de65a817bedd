import { Type } from '@sinclair/typebox';
import type { FastifyBaseLogger } from 'fastify';
import { maxPerMinute } from '../contexts/settings-frames.ts';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { errorBody } from '../http/handle-errors.ts';
import { responses } from '../http/responses.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Members as ReceiptMembers } from '../receipts/receipts.ts';
import type { StreamLimits } from '../stream/limits.ts';
import { agesOf } from '../stream/origin.ts';
import { TAKES } from '../stream/takes.ts';
import { STREAM_PATH } from '../stream/upgrade.ts';
import { ageHeadersOf } from './age-headers.ts';
import { Bodies } from './bodies.ts';
import { callerOf } from './caller.ts';
import { acceptsGzip, etagOf, isMatched } from './conditional.ts';
import { EventFeed } from './event-feed.ts';
import { Members } from './members.ts';
import { positionOf, readPosition } from './position.ts';
import { EventsQuery, Heard, Report, readMessages, SnapshotQuery } from './schemas.ts';
import { Updates } from './updates.ts';
import { ValuesFeed } from './values-feed.ts';
import { type ValuesDependencies, valuesRoutes } from './values-routes.ts';

export interface PollingDependencies extends ValuesDependencies {
  readonly receipts: ReceiptMembers;
  readonly metrics: Metrics;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  readonly limits: StreamLimits;
}

const tags = ['stream'];
const security = [{ sdkKey: [] }];
/** Polls are as frequent as evaluations are elsewhere. */
const logLevel = 'warn';

/** Longer than most intervals between polls. */
const SWEEP_MS = 60_000;

/** What SDKs use where WebSockets are cut: server-sent events, polling with ETags, and a way to answer. */
export async function pollingRoutes(app: App, dependencies: PollingDependencies): Promise<void> {
  const { keys, receipts, telemetry, contexts, origin, limits } = dependencies;
  const updates = new Updates(origin);
  const members = new Members(receipts, telemetry, contexts);
  const feed = new EventFeed({ ...dependencies, updates }, limits);
  const values = new ValuesFeed(dependencies, limits);
  keys.onProofChange((environmentId) => values.recall(environmentId));
  keys.onRevoke((keyId) => {
    const error = new ApiError('key_refused', 'The SDK key was revoked or has expired. Use another key.');
    const { code, message, requestId } = errorBody(error, keyId);
    feed.revoke(keyId, { type: 'error', code, message, requestId });
    values.revoke(keyId, { type: 'error', code, message, requestId });
    members.revoke(keyId);
  });
  const sweep = setInterval(() => updates.sweep(), SWEEP_MS).unref();
  app.addHook('preClose', async () => {
    clearInterval(sweep);
    feed.close();
    values.close();
    members.close();
  });
  pollRoute(app, dependencies, updates);
  eventsRoute(app, dependencies, feed, members);
  messagesRoute(app, dependencies, members);
  await valuesRoutes(app, dependencies, values);
}

function pollRoute(app: App, { keys, rulesets, origin }: PollingDependencies, updates: Updates): void {
  const bodies = new Bodies();
  app.get(
    `${STREAM_PATH}/snapshot`,
    {
      logLevel,
      schema: {
        operationId: 'getSnapshot',
        tags,
        security,
        summary: 'What a server key may know, for clients that poll',
        description:
          'The text of a snapshot message; with `have`, of what changed since, where that is less: kill messages and a ' +
          'changes message, with an empty line between messages. The ETag changes with every change and kill. A body may ' +
          'be as old as its ETag: the time and the age of the data are in the headers stream-time-ms and stream-data-age-ms.',
        querystring: SnapshotQuery,
        headers: Type.Object({ 'if-none-match': Type.Optional(Type.String()) }, { additionalProperties: true }),
        response: {
          ...responses({}, 401, 403),
          200: { description: 'Messages', content: { 'text/plain': { schema: Type.String() } } },
          304: Type.Null({ description: 'Nothing changed since the ETag in If-None-Match' }),
        },
      },
    },
    async (request, reply) => {
      const { ruleset } = callerOf(request.headers, 'server', keys, rulesets);
      reply.headers({
        'cache-control': 'private, no-cache',
        vary: 'authorization, accept-encoding',
        'stream-time-ms': String(origin.nowMs()),
        ...ageHeadersOf(agesOf(origin, ruleset)),
      });
      const position = positionOf(ruleset);
      const isPacked = acceptsGzip(request.headers['accept-encoding']);
      if (isMatched(request.headers['if-none-match'], position)) {
        return reply
          .code(304)
          .header('etag', etagOf(position, isPacked ? 'gzip' : 'identity'))
          .send(undefined as never);
      }
      const { have } = request.query;
      const update = updates.since(ruleset, have === undefined ? undefined : readPosition(have));
      const { bytes, encoding } = await bodies.of(update, isPacked);
      if (encoding === 'gzip') reply.header('content-encoding', encoding);
      return reply
        .header('etag', etagOf(update.position, encoding))
        .type('text/plain; charset=utf-8')
        .send(bytes as never);
    },
  );
}

function eventsRoute(app: App, { keys, rulesets }: PollingDependencies, feed: EventFeed, members: Members): void {
  app.get(
    `${STREAM_PATH}/events`,
    {
      logLevel,
      // HEAD would open a stream that nobody reads or ends.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamMessages',
        tags,
        security,
        summary: 'The messages of the stream to server keys, as server-sent events',
        description:
          'Each event is a message, its lines as data lines. Resumes by Last-Event-ID or `have`. What the client has to say ' +
          'goes to sendMessages, under the same `connection`.',
        querystring: EventsQuery,
        response: {
          ...responses({}, 401, 403),
          200: { description: 'Events of type message', content: { 'text/event-stream': { schema: Type.String() } } },
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request.headers, 'server', keys, rulesets);
      const { have, connection } = request.query;
      const last = request.headers['last-event-id'] ?? have;
      const position = typeof last === 'string' ? readPosition(last) : undefined;
      const stream = feed.open(caller, position, () => {
        if (connection !== undefined) members.lose(caller.key.id, connection);
      });
      return reply
        .type('text/event-stream')
        .headers({ 'cache-control': 'private, no-store, no-transform', 'x-accel-buffering': 'no' })
        .send(stream as never);
    },
  );
}

function messagesRoute(app: App, { keys, rulesets, contexts }: PollingDependencies, members: Members): void {
  app.post(
    `${STREAM_PATH}/messages`,
    {
      logLevel,
      schema: {
        operationId: 'sendMessages',
        tags,
        security,
        summary: 'Takes what an instance without a WebSocket has to say',
        description: 'It counts as connected from its first report on, until it says it ends or falls silent.',
        body: Report,
        response: responses({ 200: Heard }, 401, 403),
      },
    },
    async (request) => {
      const caller = callerOf(request.headers, 'server', keys, rulesets);
      const { connection, introduction, intervalMs, messages, isClosing = false } = request.body;
      const said = { connection, introduction, intervalMs, messages: readMessages(messages), isClosing };
      const joined = members.hear(caller, said);
      const settings = contexts.settingsOf(caller.ruleset);
      if (settings === undefined) return { joined, takes: [...TAKES] };
      return { joined, takes: [...TAKES], settings: { ...settings, maxPerMinute: maxPerMinute(members.size) } };
    },
  );
}
