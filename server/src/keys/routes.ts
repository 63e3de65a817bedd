import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { KeyInput, KeyPatch, KeyRotation, KeySchema, NewKeySchema } from './schemas.ts';
import type { Keys } from './service.ts';

const tags = ['keys'];
const KeyParams = Type.Object(
  { project: Key, environment: Key, id: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export function keyRoutes(app: App, keys: Keys): void {
  app.get(
    '/projects/:project/environments/:environment/keys',
    {
      config: { access: 'key:read' },
      schema: {
        operationId: 'listKeys',
        tags,
        summary: 'List SDK keys, also revoked ones, oldest first',
        params: EnvironmentParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(KeySchema)) }, 401, 403, 404),
      },
    },
    (request) => keys.list(request.params.project, request.params.environment, request.query),
  );

  app.post(
    '/projects/:project/environments/:environment/keys',
    {
      config: { access: 'key:write' },
      schema: {
        operationId: 'createKey',
        tags,
        summary: 'Create an SDK key',
        description: 'The answer is the only place where its secret is shown.',
        params: EnvironmentParams,
        body: refTo(KeyInput),
        response: responses({ 201: refTo(NewKeySchema) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, environment } = request.params;
      return reply.code(201).send(await keys.create(callerOf(request), project, environment, request.body));
    },
  );

  app.patch(
    '/projects/:project/environments/:environment/keys/:id',
    {
      config: { access: 'key:write' },
      schema: {
        operationId: 'updateKey',
        tags,
        summary: 'Rename an SDK key, or change until when and by whose pages it may be used',
        params: KeyParams,
        body: refTo(KeyPatch),
        response: responses({ 200: refTo(KeySchema) }, 401, 403, 404, 409),
      },
    },
    (request) => keys.update(callerOf(request), request.params, request.body),
  );

  app.post(
    '/projects/:project/environments/:environment/keys/:id/rotate',
    {
      config: { access: 'key:write' },
      schema: {
        operationId: 'rotateKey',
        tags,
        summary: 'Make a key that takes the place of this one; both are valid for a while',
        description:
          'Two at most: refused (409) while the key that this one replaced is still valid. The answer is the only place ' +
          'where the new secret is shown.',
        params: KeyParams,
        body: refTo(KeyRotation),
        response: responses({ 201: refTo(NewKeySchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await keys.rotate(callerOf(request), request.params, request.body.oldUntil)),
  );

  app.delete(
    '/projects/:project/environments/:environment/keys/:id',
    {
      config: { access: 'key:write' },
      schema: {
        operationId: 'revokeKey',
        tags,
        summary: 'Revoke an SDK key; its open sockets are closed',
        params: KeyParams,
        response: responses({ 204: Type.Null({ description: 'Revoked' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, environment, id } = request.params;
      await keys.revoke(callerOf(request), project, environment, id);
      return reply.code(204).send(null);
    },
  );
}
