import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { UserSchema } from '../users/user.ts';
import { GroupInput, GroupParams, GroupSchema, MemberParams } from './schemas.ts';
import type { Groups } from './service.ts';

const tags = ['people'];
const querystring = Type.Object(PageQuery, { additionalProperties: false });

export function groupRoutes(app: App, groups: Groups): void {
  app.get(
    '/groups',
    {
      config: { access: 'people:read', anywhere: true },
      schema: {
        operationId: 'listGroups',
        tags,
        summary: 'List groups, by name',
        querystring,
        response: responses({ 200: PageOf(refTo(GroupSchema)) }, 401, 403),
      },
    },
    (request) => groups.list(request.query),
  );

  app.post(
    '/groups',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'createGroup',
        tags,
        summary: 'Make a group; whoever is in it has the roles that it is granted',
        body: refTo(GroupInput),
        response: responses({ 201: refTo(GroupSchema) }, 401, 403, 409),
      },
    },
    async (request, reply) => reply.code(201).send(await groups.create(callerOf(request), request.body.name)),
  );

  app.patch(
    '/groups/:group',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'updateGroup',
        tags,
        summary: 'Rename a group',
        params: GroupParams,
        body: refTo(GroupInput),
        response: responses({ 200: refTo(GroupSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => groups.rename(callerOf(request), request.params.group, request.body.name),
  );

  app.delete(
    '/groups/:group',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'removeGroup',
        tags,
        summary: 'Remove a group, with its grants',
        params: GroupParams,
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await groups.remove(callerOf(request), request.params.group);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/groups/:group/members',
    {
      config: { access: 'people:read', anywhere: true },
      schema: {
        operationId: 'listGroupMembers',
        tags,
        summary: "List a group's members, by email",
        params: GroupParams,
        querystring,
        response: responses({ 200: PageOf(refTo(UserSchema)) }, 401, 403, 404),
      },
    },
    (request) => groups.members(request.params.group, request.query),
  );

  for (const [method, isMember] of [
    ['PUT', true],
    ['DELETE', false],
  ] as const) {
    app.route({
      method,
      url: '/groups/:group/members/:user',
      config: { access: 'people:write' },
      schema: {
        operationId: isMember ? 'addGroupMember' : 'removeGroupMember',
        tags,
        summary: isMember ? 'Put someone into a group' : 'Take someone out of a group',
        description: 'Not into or out of groups that may do more than the caller.',
        params: MemberParams,
        response: responses({ 204: Type.Null({ description: 'Done' }) }, 401, 403, 404, 409),
      },
      handler: async (request, reply) => {
        const { group, user } = request.params;
        await groups.setMember(callerOf(request), group, user, isMember);
        return reply.code(204).send(null);
      },
    });
  }
}
