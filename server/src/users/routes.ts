import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { PasswordLinkSchema } from '../passwords/schemas.ts';
import { OpenSessionList } from '../sessions/schemas.ts';
import { InvitationInput, InvitationSchema, PersonParams, PersonPatch, PersonQuery, PersonSchema } from './schemas.ts';
import type { Users } from './service.ts';

const tags = ['people'];

export function userRoutes(app: App, users: Users): void {
  app.get(
    '/users',
    {
      config: { access: 'people:read', anywhere: true },
      schema: {
        operationId: 'listUsers',
        tags,
        summary: 'List people, by email',
        querystring: PersonQuery,
        response: responses({ 200: PageOf(refTo(PersonSchema)) }, 401, 403),
      },
    },
    (request) => users.list(request.query),
  );

  app.post(
    '/users',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'inviteUser',
        tags,
        summary: 'Invite someone',
        description:
          'Answers a one-time link by which they set their password; it is shown only here. They may do nothing until ' +
          'they are granted a role.',
        body: refTo(InvitationInput),
        response: responses({ 201: refTo(InvitationSchema) }, 401, 403, 409),
      },
    },
    async (request, reply) => reply.code(201).send(await users.invite(callerOf(request), request.body)),
  );

  app.get(
    '/users/:user',
    {
      config: { access: 'people:read', anywhere: true },
      schema: {
        operationId: 'getUser',
        tags,
        summary: 'Get a person',
        params: PersonParams,
        response: responses({ 200: refTo(PersonSchema) }, 401, 403, 404),
      },
    },
    (request) => users.get(request.params.user),
  );

  app.patch(
    '/users/:user',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'updateUser',
        tags,
        summary: 'Rename, disable or enable a person',
        description:
          'Who is disabled is out at once: sessions end and tokens are refused. Not for those who may do more.',
        params: PersonParams,
        body: refTo(PersonPatch),
        response: responses({ 200: refTo(PersonSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => users.update(callerOf(request), request.params.user, request.body),
  );

  app.delete(
    '/users/:user',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'removeUser',
        tags,
        summary: 'Remove a person, with their tokens and grants',
        description: 'What they did stays in the audit log. Refused (409) for the last owner.',
        params: PersonParams,
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await users.remove(callerOf(request), request.params.user);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/users/:user/link',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'renewPasswordLink',
        tags,
        summary: 'Make a new one-time link to set a password; those before are void',
        params: PersonParams,
        response: responses({ 201: refTo(PasswordLinkSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => reply.code(201).send(await users.renewLink(callerOf(request), request.params.user)),
  );

  app.get(
    '/users/:user/sessions',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'listUserSessions',
        tags,
        summary: 'Where a person is signed in, newest first',
        params: PersonParams,
        response: responses({ 200: refTo(OpenSessionList) }, 401, 403, 404),
      },
    },
    async (request) => ({ items: await users.listSessions(callerOf(request), request.params.user) }),
  );

  app.delete(
    '/users/:user/sessions',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'endUserSessions',
        tags,
        summary: 'Sign a person out everywhere',
        params: PersonParams,
        response: responses({ 204: Type.Null({ description: 'Signed out' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await users.endSessions(callerOf(request), request.params.user);
      return reply.code(204).send(null);
    },
  );
}
