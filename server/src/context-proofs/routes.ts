import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ContextProofInput, ContextProofSchema, NewContextProofSecret } from './schemas.ts';
import type { ContextProofs } from './service.ts';

const tags = ['keys'];
const PATH = '/projects/:project/environments/:environment/context-proof';
const SecretParams = Type.Object(
  { project: Key, environment: Key, id: Type.String({ maxLength: 100 }) },
  { additionalProperties: false },
);

export function contextProofRoutes(app: App, proofs: ContextProofs): void {
  app.get(
    PATH,
    {
      config: { access: 'key:read' },
      schema: {
        operationId: 'getContextProof',
        tags,
        summary: 'Whether pages must prove their contexts, and by which secrets',
        params: EnvironmentParams,
        response: responses({ 200: refTo(ContextProofSchema) }, 401, 403, 404),
      },
    },
    ({ params: { project, environment } }) => proofs.get(project, environment),
  );

  app.put(
    PATH,
    {
      config: { access: 'key:write' },
      schema: {
        operationId: 'putContextProof',
        tags,
        summary: 'Let pages prove their contexts, or not',
        description: 'Reaches connected pages at once: those that prove nothing are refused.',
        params: EnvironmentParams,
        body: refTo(ContextProofInput),
        response: responses({ 200: refTo(ContextProofSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => {
      const { project, environment } = request.params;
      return proofs.setMode(callerOf(request), project, environment, request.body.mode);
    },
  );

  app.post(
    `${PATH}/secrets`,
    {
      config: { access: 'key:write' },
      schema: {
        operationId: 'createContextProofSecret',
        tags,
        summary: 'Make a secret by which hosts prove the contexts of their pages',
        description: 'The answer is the only place where it is shown. Two hold at once, so that hosts can go over.',
        params: EnvironmentParams,
        response: responses({ 201: refTo(NewContextProofSecret) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      const { project, environment } = request.params;
      return reply.code(201).send(await proofs.addSecret(callerOf(request), project, environment));
    },
  );

  app.delete(
    `${PATH}/secrets/:id`,
    {
      config: { access: 'key:write' },
      schema: {
        operationId: 'retireContextProofSecret',
        tags,
        summary: 'Retire a secret: what it proved is refused from now on',
        params: SecretParams,
        response: responses({ 204: Type.Null({ description: 'Retired' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      const { project, environment, id } = request.params;
      await proofs.retireSecret(callerOf(request), project, environment, id);
      return reply.code(204).send(null);
    },
  );
}
