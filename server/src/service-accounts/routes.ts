import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ServiceAccountInput, ServiceAccountParams, ServiceAccountPatch, ServiceAccountSchema } from './schemas.ts';
import type { ServiceAccounts } from './service.ts';

const tags = ['people'];

export function serviceAccountRoutes(app: App, accounts: ServiceAccounts): void {
  app.get(
    '/service-accounts',
    {
      config: { access: 'people:read', anywhere: true },
      schema: {
        operationId: 'listServiceAccounts',
        tags,
        summary: 'List service accounts, by name',
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(ServiceAccountSchema)) }, 401, 403),
      },
    },
    (request) => accounts.list(request.query),
  );

  app.post(
    '/service-accounts',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'createServiceAccount',
        tags,
        summary: 'Make an account for a program',
        description: 'It may do what it is granted, by tokens; it cannot sign in.',
        body: refTo(ServiceAccountInput),
        response: responses({ 201: refTo(ServiceAccountSchema) }, 401, 403, 409),
      },
    },
    async (request, reply) => reply.code(201).send(await accounts.create(callerOf(request), request.body.name)),
  );

  app.patch(
    '/service-accounts/:account',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'updateServiceAccount',
        tags,
        summary: 'Rename, disable or enable a service account',
        description: 'The tokens of one that is disabled are refused at once.',
        params: ServiceAccountParams,
        body: refTo(ServiceAccountPatch),
        response: responses({ 200: refTo(ServiceAccountSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => accounts.update(callerOf(request), request.params.account, request.body),
  );

  app.delete(
    '/service-accounts/:account',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'removeServiceAccount',
        tags,
        summary: 'Remove a service account, with its tokens and grants',
        params: ServiceAccountParams,
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await accounts.remove(callerOf(request), request.params.account);
      return reply.code(204).send(null);
    },
  );
}
