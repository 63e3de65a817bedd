import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { ConfirmQuery } from '../http/confirm.ts';
import { PageOf, PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses, UNCHANGED } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch, sendTagged } from '../http/version-tags.ts';
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
        response: responses({ 200: refTo(ProjectSchema), 304: UNCHANGED }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const project = await projects.get(request.params.project);
      const { version, flagCount, environments } = project;
      const revisions = environments.map((environment) => `${environment.version}.${environment.revision.number}`);
      return sendTagged(request, reply, project, [version, flagCount, ...revisions]);
    },
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
        headers: IfMatchHeader,
        body: refTo(ProjectPatch),
        response: responses({ 200: refTo(ProjectSchema) }, 401, 403, 404, 412),
      },
    },
    (request) => {
      const { params, body, headers } = request;
      return projects.rename(callerOf(request), params.project, body.name, readIfMatch(headers['if-match']));
    },
  );

  app.delete(
    '/projects/:project',
    {
      config: { access: 'project:write' },
      schema: {
        operationId: 'deleteProject',
        tags,
        summary: 'Delete a project for good, with its environments and flags',
        description: 'SDKs are disconnected, and go on with what they have. Refused (409) for the last project.',
        params: ProjectParams,
        querystring: ConfirmQuery,
        headers: IfMatchHeader,
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404, 409, 412),
      },
    },
    async (request, reply) => {
      const { params, query, headers } = request;
      const ifVersion = readIfMatch(headers['if-match']);
      await projects.delete(callerOf(request), params.project, query.confirm, ifVersion);
      return reply.code(204).send(null);
    },
  );
}
