import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { FreezeInput, FreezeParams, FreezeSchema } from './schemas.ts';
import type { Freezes } from './service.ts';

const tags = ['environments'];
const FREEZES = '/projects/:project/environments/:environment/freezes';

export function freezeRoutes(app: App, freezes: Freezes): void {
  app.get(
    FREEZES,
    {
      config: { access: 'project:read' },
      schema: {
        operationId: 'listFreezes',
        tags,
        summary: 'List the times in which an environment is not changed, oldest first',
        params: EnvironmentParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(FreezeSchema)) }, 401, 403, 404),
      },
    },
    (request) => freezes.list(request.params, request.query),
  );

  app.post(
    FREEZES,
    {
      config: { access: 'environment:write' },
      schema: {
        operationId: 'createFreeze',
        tags,
        summary: 'Freeze an environment for a time: what it serves is not changed',
        description: 'Kills and re-arms work. Schedules that are due meanwhile fail.',
        params: EnvironmentParams,
        body: refTo(FreezeInput),
        response: responses({ 201: refTo(FreezeSchema) }, 401, 403, 404),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await freezes.create(callerOf(request), request.params, request.body)),
  );

  app.delete(
    `${FREEZES}/:freeze`,
    {
      config: { access: 'environment:write' },
      schema: {
        operationId: 'deleteFreeze',
        tags,
        summary: 'Take a freeze back; one that holds now only with change:bypass',
        params: FreezeParams,
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await freezes.delete(callerOf(request), request.params, request.params.freeze);
      return reply.code(204).send(null);
    },
  );
}
