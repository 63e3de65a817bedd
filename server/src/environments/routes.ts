import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { ConfirmQuery } from '../http/confirm.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses, UNCHANGED } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch, sendTagged } from '../http/version-tags.ts';
import { EnvironmentInput, EnvironmentParams, EnvironmentPatch, EnvironmentSchema } from './schemas.ts';
import type { Environments } from './service.ts';

const tags = ['environments'];
const ENVIRONMENTS = '/projects/:project/environments';

export function environmentRoutes(app: App, environments: Environments): void {
  const ofProject = Type.Object({ project: Key }, { additionalProperties: false });

  app.get(
    ENVIRONMENTS,
    {
      config: { access: 'project:read' },
      schema: {
        operationId: 'listEnvironments',
        tags,
        summary: 'List environments, in their order',
        params: ofProject,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(EnvironmentSchema)) }, 401, 403, 404),
      },
    },
    (request) => environments.list(request.params.project, request.query),
  );

  app.post(
    ENVIRONMENTS,
    {
      config: { access: 'environment:write' },
      schema: {
        operationId: 'createEnvironment',
        tags,
        summary: 'Create an environment, as a copy of another one or with all flags off',
        params: ofProject,
        body: refTo(EnvironmentInput),
        response: responses({ 201: refTo(EnvironmentSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      return reply.code(201).send(await environments.create(callerOf(request), project, request.body));
    },
  );

  app.get(
    `${ENVIRONMENTS}/:environment`,
    {
      config: { access: 'project:read' },
      schema: {
        operationId: 'getEnvironment',
        tags,
        summary: 'Get an environment',
        params: EnvironmentParams,
        response: responses({ 200: refTo(EnvironmentSchema), 304: UNCHANGED }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, environment: key } = request.params;
      const environment = await environments.get(project, key);
      // Where it stands changes also when another environment moves, which is no version of this one.
      const { version, revision, position } = environment;
      return sendTagged(request, reply, environment, [version, revision.number, position]);
    },
  );

  app.patch(
    `${ENVIRONMENTS}/:environment`,
    {
      config: { access: 'environment:write' },
      schema: {
        operationId: 'updateEnvironment',
        tags,
        summary: 'Rename, colour, mark or move an environment',
        description: 'Its key stays: programs and addresses name it.',
        params: EnvironmentParams,
        headers: IfMatchHeader,
        body: refTo(EnvironmentPatch),
        response: responses({ 200: refTo(EnvironmentSchema) }, 401, 403, 404, 412),
      },
    },
    (request) => {
      const { params, body, headers } = request;
      const ifVersion = readIfMatch(headers['if-match']);
      return environments.update(callerOf(request), params.project, params.environment, body, ifVersion);
    },
  );

  app.delete(
    `${ENVIRONMENTS}/:environment`,
    {
      config: { access: 'environment:write' },
      schema: {
        operationId: 'deleteEnvironment',
        tags,
        summary: 'Delete an environment for good, with its targeting, segments and keys',
        description: 'SDKs are disconnected, and go on with what they have. Refused (409) for the last environment.',
        params: EnvironmentParams,
        querystring: ConfirmQuery,
        headers: IfMatchHeader,
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404, 409, 412),
      },
    },
    async (request, reply) => {
      const { params, query, headers } = request;
      const ifVersion = readIfMatch(headers['if-match']);
      await environments.delete(callerOf(request), params.project, params.environment, query.confirm, ifVersion);
      return reply.code(204).send(null);
    },
  );
}
