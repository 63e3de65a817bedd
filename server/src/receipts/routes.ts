import { Type } from '@sinclair/typebox';
import { callerOf, leaseOf, mayNow } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Presence } from '../presence/presence.ts';
import { presenceEvents } from '../presence/presence-events.ts';
import { Tab } from '../presence/schemas.ts';
import type { EventStreams } from './event-stream.ts';
import type { LiveReceipts } from './live-receipts.ts';
import { eventsOf } from './project-events.ts';
import {
  InstanceCountsSchema,
  InstanceQuery,
  InstanceSchema,
  KillReceiptsSchema,
  ReceiptsQuery,
  ReceiptsSchema,
  StragglerQuery,
} from './schemas.ts';
import type { ReceiptViews } from './service.ts';

const tags = ['receipts'];
/** Receipts are in memory: they can be read while the database fails. */
const config = { access: 'flag:read', withoutDatabase: true } as const;
const EVENTS = {
  description: 'event: receipts, kill, behind, caught-up, presence',
  content: { 'text/event-stream': { schema: Type.String() } },
};
const PLACE = '/projects/:project/environments/:environment';

export interface ReceiptRoutesDependencies {
  readonly receiptViews: ReceiptViews;
  readonly liveReceipts: LiveReceipts;
  readonly eventStreams: EventStreams;
  readonly presence: Presence;
}

export function receiptRoutes(app: App, dependencies: ReceiptRoutesDependencies): void {
  const { receiptViews: receipts } = dependencies;
  app.get(
    `${PLACE}/receipts`,
    {
      config,
      schema: {
        operationId: 'getReceipts',
        tags,
        summary: 'How many instances run the newest revision, and how fast they got it',
        description:
          'Of all servers together. A receipt for a revision confirms those before it. `revision` asks about one of the ' +
          'last 64 revisions since the server started.',
        params: EnvironmentParams,
        querystring: ReceiptsQuery,
        response: responses({ 200: refTo(ReceiptsSchema) }, 401, 403, 404),
      },
    },
    async ({ params: { project, environment }, query }) =>
      receipts.receipts(receipts.find(project, environment), query.revision),
  );

  app.get(
    `${PLACE}/kills/:flag/receipts`,
    {
      config,
      schema: {
        operationId: 'getKillReceipts',
        tags,
        summary: "How many instances answer by a flag's latest kill or re-arm, and how fast they got it",
        description:
          'Of all servers together, timed from when the first of them took it. The last 64 flags that were killed or ' +
          're-armed are kept.',
        params: Type.Object({ ...EnvironmentParams.properties, flag: Key }, { additionalProperties: false }),
        response: responses({ 200: refTo(KillReceiptsSchema) }, 401, 403, 404),
      },
    },
    async ({ params: { project, environment, flag } }) =>
      receipts.killReceipts(receipts.find(project, environment), flag),
  );

  app.get(
    `${PLACE}/receipts/stragglers`,
    {
      config,
      schema: {
        operationId: 'listStragglers',
        tags,
        summary: 'List the instances that lack the newest revision, who has lacked one longest first',
        params: EnvironmentParams,
        querystring: StragglerQuery,
        response: responses({ 200: PageOf(refTo(InstanceSchema)) }, 401, 403, 404),
      },
    },
    async ({ params: { project, environment }, query }) =>
      receipts.list('stragglers', receipts.find(project, environment), query),
  );

  app.get(
    `${PLACE}/instances`,
    {
      config,
      schema: {
        operationId: 'listInstances',
        tags,
        summary: 'List the instances that are connected or were lost a short while ago, by id',
        description: 'A page may be shorter than `limit` and still have a next one.',
        params: EnvironmentParams,
        querystring: InstanceQuery,
        response: responses({ 200: PageOf(refTo(InstanceSchema)) }, 401, 403, 404),
      },
    },
    async ({ params: { project, environment }, query }) =>
      receipts.list('instances', receipts.find(project, environment), query),
  );

  app.get(
    `${PLACE}/instances/counts`,
    {
      config,
      schema: {
        operationId: 'countInstances',
        tags,
        summary: 'Count instances by app, deployed version, SDK, key, relay and server',
        params: EnvironmentParams,
        response: responses({ 200: refTo(InstanceCountsSchema) }, 401, 403, 404),
      },
    },
    async ({ params: { project, environment } }) => receipts.census(receipts.find(project, environment)),
  );

  streamReceipts(app, dependencies);
}

function streamReceipts(
  app: App,
  { receiptViews, liveReceipts, eventStreams, presence }: ReceiptRoutesDependencies,
): void {
  app.get(
    '/projects/:project/receipts/stream',
    {
      config,
      // HEAD would open a stream that nobody reads or ends.
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamReceipts',
        tags,
        summary: 'The receipts of all environments of a project, as server-sent events',
        description:
          'Each event but `presence` has `environment`. `receipts` has what getReceipts answers, `kill` the latest kill as ' +
          'getKillReceipts answers: at once, then whenever they change, at most every 50 ms. `behind` names instances ' +
          'that lack a revision for more than 10 s, `caught-up` says that none does any more. With `tab`, `presence` ' +
          'says who else is on the page that the tab has entered. Ends when its reader may not read any more.',
        params: Type.Object({ project: Key }, { additionalProperties: false }),
        querystring: Type.Object({ tab: Type.Optional(Tab) }, { additionalProperties: false }),
        response: { ...responses({}, 401, 403, 404), 200: EVENTS },
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      const { tab } = request.query;
      const sources = receiptViews.findAll(project).flatMap((ruleset) => eventsOf(ruleset, liveReceipts));
      if (tab !== undefined) {
        const seesNames = mayNow(request, 'people:read', {});
        sources.push(presenceEvents(presence, { actor: callerOf(request).actor, project, tab, seesNames }));
      }
      const stream = eventStreams.open(sources, leaseOf(request));
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream as never);
    },
  );
}
