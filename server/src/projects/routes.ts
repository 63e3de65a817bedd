import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ProjectInput, ProjectParams, ProjectPatch, ProjectSchema } from './schemas.ts';
import type { Projects } from './service.ts';

const tags = ['projects'];

export function projectRoutes(app: App, projects: Projects): void {
  app.get(
    '/projects',
    {
      config: { access: 'project:read', anywhere: true },
      schema: {
        operationId: 'listProjects',
        tags,
        summary: 'List projects, by key',
        querystring: Type.Object({ ...PageQuery, ...SearchQuery }, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(ProjectSchema)) }, 401, 403),
      },
    },
    (request) => projects.list(callerOf(request), request.query),
  );

  app.post(
    '/projects',
    {
      config: { access: 'project:write' },
      schema: {
        operationId: 'createProject',
        tags,
        summary: 'Create a project, with the environments development and production',
        body: refTo(ProjectInput),
        response: responses({ 201: refTo(ProjectSchema) }, 401, 403, 409),
      },
    },
    async (request, reply) => reply.code(201).send(await projects.create(callerOf(request), request.body)),
  );

  app.get(
    '/projects/:project',
    {
      config: { access: 'project:read' },
      schema: {
        operationId: 'getProject',
        tags,
        summary: 'Get a project',
        params: ProjectParams,
        response: responses({ 200: refTo(ProjectSchema) }, 401, 403, 404),
      },
    },
    (request) => projects.get(request.params.project),
  );

  app.patch(
    '/projects/:project',
    {
      config: { access: 'project:write' },
      schema: {
        operationId: 'updateProject',
        tags,
        summary: 'Rename a project',
        params: ProjectParams,
        body: refTo(ProjectPatch),
        response: responses({ 200: refTo(ProjectSchema) }, 401, 403, 404),
      },
    },
    (request) => projects.rename(callerOf(request), request.params.project, request.body.name),
  );
}
