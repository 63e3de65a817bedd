import { type TSchema, Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch, sendTagged } from '../http/version-tags.ts';
import { ProjectParams } from '../projects/schemas.ts';
import type { BindingSamples } from './samples.ts';
import {
  BindingInput,
  BindingParams,
  BindingPatch,
  BindingQuery,
  BindingSchema,
  ForeseenSchema,
  SampleAlert,
} from './schemas.ts';
import type { BindingEditor } from './service.ts';

const tags = ['bindings'];
const reads = { access: 'signal:read' } as const;
const writes = { access: 'safeguard:write' } as const;
const BINDINGS = '/projects/:project/bindings';
const BINDING = `${BINDINGS}/:binding`;

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  operationId,
  tags,
  summary,
  params,
});

export function bindingRoutes(app: App, bindings: BindingEditor, samples: BindingSamples): void {
  app.get(
    BINDINGS,
    {
      config: reads,
      schema: {
        ...describe('listBindings', 'List what alerts lead to in a project, by key', ProjectParams),
        querystring: BindingQuery,
        response: responses({ 200: PageOf(refTo(BindingSchema)) }, 401, 403, 404),
      },
    },
    (request) => bindings.list(request.params.project, request.query),
  );

  app.post(
    BINDINGS,
    {
      config: writes,
      schema: {
        ...describe('createBinding', 'Say what alerts lead to: a dry run, unless it is armed', ProjectParams),
        description:
          'Needs kill:engage, targeting:write or release:write besides, for what it does. Alerts that fire already do not act.',
        body: refTo(BindingInput),
        response: responses({ 201: refTo(BindingSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await bindings.create(callerOf(request), request.params.project, request.body)),
  );

  app.post(
    `${BINDINGS}/test`,
    {
      config: reads,
      schema: {
        ...describe('testBindings', 'Say what an alert would lead to now, and why not', ProjectParams),
        description: 'Nothing is done, and nothing recorded.',
        body: refTo(SampleAlert),
        response: responses({ 200: refTo(ForeseenSchema) }, 401, 403, 404),
      },
    },
    async (request) => samples.test(request.params.project, request.body),
  );

  app.get(
    BINDING,
    {
      config: reads,
      schema: {
        ...describe('getBinding', 'Get a binding', BindingParams),
        response: responses({ 200: refTo(BindingSchema) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const binding = await bindings.get(request.params.project, request.params.binding);
      return sendTagged(request, reply, binding, [binding.version]);
    },
  );

  app.patch(
    BINDING,
    {
      config: writes,
      schema: {
        ...describe(
          'updateBinding',
          'Change a binding; alerts that fire already do not act on what it becomes',
          BindingParams,
        ),
        headers: IfMatchHeader,
        body: refTo(BindingPatch),
        response: responses({ 200: refTo(BindingSchema) }, 401, 403, 404, 412),
      },
    },
    (request) => {
      const { project, binding } = request.params;
      const ifVersion = readIfMatch(request.headers['if-match']);
      return bindings.update(callerOf(request), project, binding, request.body, ifVersion);
    },
  );

  app.delete(
    BINDING,
    {
      config: writes,
      schema: {
        ...describe('deleteBinding', 'Delete a binding; what it killed or paused stays so', BindingParams),
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await bindings.remove(callerOf(request), request.params.project, request.params.binding);
      return reply.code(204).send(null);
    },
  );
}
