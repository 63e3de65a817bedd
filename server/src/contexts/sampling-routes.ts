import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses, UNCHANGED } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch, sendTagged } from '../http/version-tags.ts';
import { ProjectParams } from '../projects/schemas.ts';
import type { Sampling } from './sampling.ts';
import {
  ContextSamplingInput,
  ContextSamplingSchema,
  PrivateAttributesInput,
  PrivateAttributesSchema,
} from './schemas.ts';

const tags = ['contexts'];

/** What may be sampled. */
export function samplingRoutes(app: App, sampling: Sampling): void {
  app.get(
    '/projects/:project/environments/:environment/context-sampling',
    {
      config: { access: 'contexts:read' },
      schema: {
        operationId: 'getContextSampling',
        tags,
        summary: 'What SDKs tell of the contexts that they evaluate for',
        params: EnvironmentParams,
        response: responses({ 200: refTo(ContextSamplingSchema) }, 401, 403, 404),
      },
    },
    ({ params: { project, environment } }) => sampling.mode(project, environment),
  );

  app.put(
    '/projects/:project/environments/:environment/context-sampling',
    {
      config: { access: 'contexts:write' },
      schema: {
        operationId: 'putContextSampling',
        tags,
        summary: 'Choose what SDKs tell of the contexts that they evaluate for',
        description: 'Reaches connected SDKs at once. Unless it is contexts, the contexts stored so far are deleted.',
        params: EnvironmentParams,
        body: refTo(ContextSamplingInput),
        response: responses({ 200: refTo(ContextSamplingSchema) }, 401, 403, 404),
      },
    },
    (request) => {
      const { project, environment } = request.params;
      return sampling.setMode(callerOf(request), project, environment, request.body.mode);
    },
  );

  app.get(
    '/projects/:project/private-attributes',
    {
      config: { access: 'contexts:read' },
      schema: {
        operationId: 'getPrivateAttributes',
        tags,
        summary: 'Attributes that never leave the process that evaluates',
        params: ProjectParams,
        response: responses({ 200: refTo(PrivateAttributesSchema), 304: UNCHANGED }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const list = await sampling.privateAttributes(request.params.project);
      return sendTagged(request, reply, list, [list.version]);
    },
  );

  app.put(
    '/projects/:project/private-attributes',
    {
      config: { access: 'contexts:write' },
      schema: {
        operationId: 'putPrivateAttributes',
        tags,
        summary: 'Choose which attributes never leave the process that evaluates',
        description:
          'Neither their values nor their names are sent or stored; of a private targetingKey a hash is. Reaches connected ' +
          "SDKs at once. When one is added, the contexts stored so far of the project's environments are deleted.",
        params: ProjectParams,
        headers: IfMatchHeader,
        body: refTo(PrivateAttributesInput),
        response: responses({ 200: refTo(PrivateAttributesSchema) }, 401, 403, 404, 412),
      },
    },
    (request) => {
      const { params, body, headers } = request;
      const ifVersion = readIfMatch(headers['if-match']);
      return sampling.setPrivateAttributes(callerOf(request), params.project, body.attributes, ifVersion);
    },
  );
}
