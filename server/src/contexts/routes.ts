import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf, PageQuery, SearchQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Previews } from './preview.ts';
import {
  AttributeSchema,
  ContextSchema,
  ContextsQuery,
  ErasureInput,
  ErasureSchema,
  PreviewInput,
  PreviewSchema,
  Subject,
} from './schemas.ts';
import type { Contexts } from './service.ts';

const tags = ['contexts'];
const ENVIRONMENT = '/projects/:project/environments/:environment';
const SubjectParams = Type.Object(
  { project: Key, environment: Key, subject: Subject },
  { additionalProperties: false },
);

export function contextRoutes(app: App, contexts: Contexts, previews: Previews): void {
  app.get(
    `${ENVIRONMENT}/attributes`,
    {
      config: { access: 'contexts:read' },
      schema: {
        operationId: 'listAttributes',
        tags,
        summary: 'List attributes of contexts that were seen, by path',
        description: 'Those of the last 30 days; 500 at most are kept.',
        params: EnvironmentParams,
        querystring: Type.Object({ ...PageQuery, ...SearchQuery }, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(AttributeSchema)) }, 401, 403, 404),
      },
    },
    ({ params: { project, environment }, query }) => contexts.attributes(project, environment, query),
  );

  app.get(
    `${ENVIRONMENT}/contexts`,
    {
      // What is searched for is in the address, and may be about someone.
      logLevel: 'warn',
      config: { access: 'contexts:read' },
      schema: {
        operationId: 'listContexts',
        tags,
        summary: 'List sampled contexts, those seen last first',
        params: EnvironmentParams,
        querystring: ContextsQuery,
        response: responses({ 200: PageOf(refTo(ContextSchema)) }, 401, 403, 404),
      },
    },
    ({ params: { project, environment }, query }) => contexts.list(project, environment, query),
  );

  app.get(
    `${ENVIRONMENT}/contexts/:subject`,
    {
      config: { access: 'contexts:read' },
      schema: {
        operationId: 'getContext',
        tags,
        summary: 'Get the sampled context of one subject',
        params: SubjectParams,
        response: responses({ 200: refTo(ContextSchema) }, 401, 403, 404),
      },
    },
    ({ params: { project, environment, subject } }) => contexts.get(project, environment, subject),
  );

  app.delete(
    `${ENVIRONMENT}/contexts/:subject`,
    {
      config: { access: 'contexts:write' },
      schema: {
        operationId: 'eraseContext',
        tags,
        summary: 'Remove what was sampled of one subject',
        description: 'It is sampled again when flags are evaluated for it again.',
        params: SubjectParams,
        response: responses({ 204: Type.Null({ description: 'Nothing is stored of it any more' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, environment, subject } = request.params;
      await contexts.erase(callerOf(request), project, environment, subject);
      return reply.code(204).send(null);
    },
  );

  app.post(
    `${ENVIRONMENT}/contexts/erase`,
    {
      config: { access: 'contexts:write' },
      schema: {
        operationId: 'eraseTargetingKey',
        tags,
        summary: 'Remove what was sampled of a targeting key',
        description: 'Also of one that is private. The key itself is not stored or logged, nor in the audit log.',
        params: EnvironmentParams,
        body: refTo(ErasureInput),
        response: responses({ 200: refTo(ErasureSchema) }, 401, 403, 404),
      },
    },
    (request) => {
      const { project, environment } = request.params;
      return contexts.eraseKey(callerOf(request), project, environment, request.body.targetingKey);
    },
  );

  app.post(
    `${ENVIRONMENT}/contexts/preview`,
    {
      config: { access: 'contexts:read' },
      schema: {
        operationId: 'previewChanges',
        tags,
        summary: 'Whom would these changes move?',
        description:
          'Evaluates the sampled contexts by what is served now and by what would be, and counts who gets another answer, of ' +
          'the changed flags and of those that depend on them. Changes nothing.',
        params: EnvironmentParams,
        body: refTo(PreviewInput),
        response: responses({ 200: refTo(PreviewSchema) }, 401, 403, 404, 409),
      },
    },
    ({ params: { project, environment }, body }) => previews.preview(project, environment, body.changes),
  );
}
