import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { RoleInput, RoleParams, RoleSchema } from './schemas.ts';
import type { Roles } from './service.ts';

const tags = ['access'];

export function roleRoutes(app: App, roles: Roles): void {
  app.get(
    '/roles',
    {
      config: { access: 'people:read', anywhere: true },
      schema: {
        operationId: 'listRoles',
        tags,
        summary: 'List roles: the built-in ones, then those that people made',
        response: responses({ 200: PageOf(refTo(RoleSchema)) }, 401, 403),
      },
    },
    async () => ({ items: await roles.list(), nextCursor: null }),
  );

  app.put(
    '/roles/:role',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'putRole',
        tags,
        summary: 'Make a role, or change what it gives to everyone who has it',
        description: 'Of what it gives, before and after, nothing may be more than the caller has.',
        params: RoleParams,
        body: refTo(RoleInput),
        response: responses({ 200: refTo(RoleSchema) }, 401, 403, 409),
      },
    },
    (request) => roles.put(callerOf(request), request.params.role, request.body),
  );

  app.delete(
    '/roles/:role',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'removeRole',
        tags,
        summary: 'Remove a role that nobody has',
        params: RoleParams,
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await roles.remove(callerOf(request), request.params.role);
      return reply.code(204).send(null);
    },
  );
}
