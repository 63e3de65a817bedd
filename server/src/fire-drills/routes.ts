import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { FireDrillInput, FireDrillRunQuery, FireDrillRunSchema, FireDrillSchema } from './schemas.ts';
import type { FireDrills } from './service.ts';

const tags = ['kills'];
const reads = { access: 'signal:read' } as const;
const writes = { access: 'safeguard:write' } as const;
const DRILL = '/projects/:project/environments/:environment/fire-drill';
const params = EnvironmentParams;

export function fireDrillRoutes(app: App, drills: FireDrills): void {
  app.get(
    DRILL,
    {
      config: reads,
      schema: {
        operationId: 'getFireDrill',
        tags,
        summary: 'Get when fire drills are held',
        params,
        response: responses({ 200: refTo(FireDrillSchema) }, 401, 403, 404),
      },
    },
    ({ params }) => drills.get(params),
  );

  app.put(
    DRILL,
    {
      config: writes,
      schema: {
        operationId: 'putFireDrill',
        tags,
        summary: 'Say when fire drills are held, and what is too slow',
        description:
          'A drill sends an alert to this server as any other system would: signed, over HTTP, matched by a binding. It ' +
          'kills the flag bunting-fire-drill, which nothing asks for, waits for the receipts of all instances, and re-arms ' +
          'it. Source, binding and flag are made here. What a drill came to is an audit event, fire-drill.passed, .slow or ' +
          '.failed, so webhooks tell it; /metrics has it, too.',
        params,
        body: refTo(FireDrillInput),
        response: responses({ 200: refTo(FireDrillSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => drills.put(callerOf(request), request.params, request.body),
  );

  app.delete(
    DRILL,
    {
      config: writes,
      schema: {
        operationId: 'deleteFireDrill',
        tags,
        summary: 'Hold no more fire drills',
        params,
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await drills.remove(callerOf(request), request.params);
      return reply.code(204).send(null);
    },
  );

  app.post(
    `${DRILL}/runs`,
    {
      config: writes,
      schema: {
        operationId: 'startFireDrill',
        tags,
        summary: 'Hold a fire drill now',
        description: 'It goes on when this is answered, for a minute at most.',
        params,
        response: responses({ 202: refTo(FireDrillRunSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => reply.code(202).send(await drills.start(callerOf(request), request.params)),
  );

  app.get(
    `${DRILL}/runs`,
    {
      config: reads,
      schema: {
        operationId: 'listFireDrillRuns',
        tags,
        summary: 'List the fire drills that were held, newest first',
        params,
        querystring: FireDrillRunQuery,
        response: responses({ 200: PageOf(refTo(FireDrillRunSchema)) }, 401, 403, 404),
      },
    },
    ({ params, query }) => drills.runs(params, query),
  );
}
