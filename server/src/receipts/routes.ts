import { Type } from '@sinclair/typebox';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Sessions } from '../sessions/service.ts';
import type { EventStreams } from './event-stream.ts';
import { InstanceSchema, ReceiptsSchema } from './schemas.ts';
import type { ReceiptViews } from './service.ts';

const tags = ['receipts'];
const config = { access: 'operator' } as const;
const EVENTS = {
  description: 'event: receipts, data: the same JSON as getReceipts',
  content: { 'text/event-stream': { schema: Type.String() } },
};
const PLACE = '/projects/:project/environments/:environment';

export function receiptRoutes(app: App, receipts: ReceiptViews, streams: EventStreams, sessions: Sessions): void {
  app.get(
    `${PLACE}/receipts`,
    {
      config,
      schema: {
        operationId: 'getReceipts',
        tags,
        summary: 'How many instances run the newest revision, and how fast they got it',
        params: EnvironmentParams,
        response: responses({ 200: refTo(ReceiptsSchema) }, 401, 403, 404),
      },
    },
    async (request) => {
      const { project, environment } = request.params;
      return receipts.summary(await receipts.find(project, environment));
    },
  );

  app.get(
    `${PLACE}/receipts/stream`,
    {
      config,
      // HEAD would open a stream that nobody reads or ends.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamReceipts',
        tags,
        summary: 'The same as server-sent events',
        description:
          'Events named receipts: one at once, then whenever it changes, at most every 50 ms. Ends with the session.',
        params: EnvironmentParams,
        response: { ...responses({}, 401, 403, 404), 200: EVENTS },
      },
    },
    async (request, reply) => {
      const { project, environment } = request.params;
      const ruleset = await receipts.find(project, environment);
      const source = {
        event: 'receipts',
        read: () => receipts.summary(ruleset),
        watch: (listener: () => void) => receipts.watch(ruleset, listener),
      };
      const token = request.sessionToken;
      const stream = streams.open(source, token === null ? undefined : sessions.lease(token));
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream as never);
    },
  );

  app.get(
    `${PLACE}/instances`,
    {
      config,
      schema: {
        operationId: 'listInstances',
        tags,
        summary: 'List the connected instances, by id',
        params: EnvironmentParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(InstanceSchema)) }, 401, 403, 404),
      },
    },
    async (request) => {
      const { project, environment } = request.params;
      return receipts.instances(await receipts.find(project, environment), request.query);
    },
  );
}
