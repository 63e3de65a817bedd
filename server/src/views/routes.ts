import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ProjectParams } from '../projects/schemas.ts';
import { FlagViewInput, FlagViewParams, FlagViewPatch, FlagViewSchema } from './schemas.ts';
import type { FlagViews } from './service.ts';

const tags = ['flag views'];
const VIEWS = '/projects/:project/flag-views';
const VIEW = `${VIEWS}/:view`;
/** Whoever may say something about flags may keep views; what is the project's takes `flag:write` besides. */
const write = { access: 'flag:comment' } as const;

export function flagViewRoutes(app: App, views: FlagViews): void {
  app.get(
    VIEWS,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listFlagViews',
        tags,
        summary: 'List the project’s views of its flags, and one’s own, oldest first',
        params: ProjectParams,
        response: responses(
          { 200: Type.Object({ items: Type.Array(refTo(FlagViewSchema)) }, { additionalProperties: false }) },
          401,
          403,
          404,
        ),
      },
    },
    (request) => views.list(callerOf(request), request.params.project),
  );

  app.post(
    VIEWS,
    {
      config: write,
      schema: {
        operationId: 'createFlagView',
        tags,
        summary: 'Keep a way to look at the list of flags',
        description: 'For oneself, or, with flag:write, for all who read the project.',
        params: ProjectParams,
        body: refTo(FlagViewInput),
        response: responses({ 201: refTo(FlagViewSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await views.create(callerOf(request), request.params.project, request.body)),
  );

  app.patch(
    VIEW,
    {
      config: write,
      schema: {
        operationId: 'updateFlagView',
        tags,
        summary: 'Change a view: one’s own, or, with flag:write, one of the project’s',
        params: FlagViewParams,
        body: refTo(FlagViewPatch),
        response: responses({ 200: refTo(FlagViewSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => views.update(callerOf(request), request.params.project, request.params.view, request.body),
  );

  app.delete(
    VIEW,
    {
      config: write,
      schema: {
        operationId: 'deleteFlagView',
        tags,
        summary: 'Delete a view: one’s own, or, with flag:write, one of the project’s',
        params: FlagViewParams,
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await views.delete(callerOf(request), request.params.project, request.params.view);
      return reply.code(204).send(null);
    },
  );
}
