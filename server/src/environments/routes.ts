import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { EnvironmentInput, EnvironmentSchema } from './schemas.ts';
import type { Environments } from './service.ts';

export function environmentRoutes(app: App, environments: Environments): void {
  app.post(
    '/projects/:project/environments',
    {
      config: { access: 'environment:write' },
      schema: {
        operationId: 'createEnvironment',
        tags: ['environments'],
        summary: 'Create an environment',
        description: "The project's flags are off in it at first.",
        params: Type.Object({ project: Key }, { additionalProperties: false }),
        body: refTo(EnvironmentInput),
        response: responses({ 201: refTo(EnvironmentSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      return reply.code(201).send(await environments.create(callerOf(request), project, request.body));
    },
  );
}
