import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { GrantInput, GrantParams, GrantQuery, GrantSchema } from './schemas.ts';
import type { Grants } from './service.ts';

const tags = ['access'];

export function grantRoutes(app: App, grants: Grants): void {
  app.get(
    '/grants',
    {
      config: { access: 'people:read', anywhere: true },
      schema: {
        operationId: 'listGrants',
        tags,
        summary: 'List who has which role where, oldest first',
        querystring: GrantQuery,
        response: responses({ 200: PageOf(refTo(GrantSchema)) }, 401, 403, 404),
      },
    },
    (request) => grants.list(callerOf(request), request.query),
  );

  app.post(
    '/grants',
    {
      config: { access: 'people:write', anywhere: true },
      schema: {
        operationId: 'createGrant',
        tags,
        summary: 'Give someone a role: in the installation, a project, or an environment of it',
        description: 'Nobody gives more than they have there. What someone has already is answered as it is.',
        body: refTo(GrantInput),
        response: responses({ 201: refTo(GrantSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => reply.code(201).send(await grants.create(callerOf(request), request.body)),
  );

  app.delete(
    '/grants/:grant',
    {
      config: { access: 'people:write', anywhere: true },
      schema: {
        operationId: 'removeGrant',
        tags,
        summary: 'Take a role from someone again',
        description: 'Refused (409) where nobody would be an owner any more.',
        params: GrantParams,
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await grants.remove(callerOf(request), request.params.grant);
      return reply.code(204).send(null);
    },
  );
}
