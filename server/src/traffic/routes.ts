import { type TSchema, Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import {
  TrafficStateSchema,
  TrafficTargetInput,
  TrafficTargetParams,
  TrafficTargetSchema,
  TrafficTestSchema,
} from './schemas.ts';
import type { TrafficEditor } from './service.ts';

const TARGETS = '/projects/:project/environments/:environment/traffic-targets';
const TARGET = `${TARGETS}/:target`;
const read = { access: 'release:read' } as const;
const write = { access: 'release:write' } as const;

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  ...{ operationId, tags: ['releases'], summary, params },
});

export function trafficRoutes(app: App, targets: TrafficEditor): void {
  app.get(
    TARGETS,
    {
      config: read,
      schema: {
        ...describe('listTrafficTargets', 'List what divides traffic in an environment, by key', EnvironmentParams),
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(TrafficTargetSchema)) }, 401, 403, 404),
      },
    },
    (request) => targets.list(request.params, request.query),
  );

  app.get(
    TARGET,
    {
      config: read,
      schema: {
        ...describe('getTrafficTarget', 'Get a traffic target', TrafficTargetParams),
        response: responses({ 200: refTo(TrafficTargetSchema) }, 401, 403, 404),
      },
    },
    (request) => targets.get(request.params),
  );

  app.put(
    TARGET,
    {
      config: write,
      schema: {
        ...describe('putTrafficTarget', 'Make or replace what releases may divide traffic by', TrafficTargetParams),
        description:
          'Paths must lie in folders that BUNTING_TRAFFIC_PATHS names on the server, addresses follow the rules of webhooks. ' +
          'Where it leads does not change while a release steers it.',
        headers: IfMatchHeader,
        body: refTo(TrafficTargetInput),
        response: responses(
          { 200: refTo(TrafficTargetSchema), 201: refTo(TrafficTargetSchema) },
          ...([401, 403, 404, 409, 412] as const),
        ),
      },
    },
    async (request, reply) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      const { view, isNew } = await targets.put(callerOf(request), request.params, request.body, ifVersion);
      return reply.code(isNew ? 201 : 200).send(view);
    },
  );

  app.delete(
    TARGET,
    {
      config: write,
      schema: {
        ...describe('deleteTrafficTarget', 'Delete a traffic target that no release steers', TrafficTargetParams),
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await targets.delete(callerOf(request), request.params);
      return reply.code(204).send(null);
    },
  );

  app.get(
    `${TARGET}/state`,
    {
      config: read,
      schema: {
        ...describe('getTrafficState', 'Read a traffic target now', TrafficTargetParams),
        response: responses({ 200: refTo(TrafficStateSchema) }, 401, 403, 404),
      },
    },
    (request) => targets.state(request.params),
  );

  app.post(
    `${TARGET}/test`,
    {
      config: write,
      schema: {
        ...describe('testTrafficTarget', 'Set the weight that a traffic target has', TrafficTargetParams),
        description: 'Nobody moves. It tells whether a release could steer it; refused while one does.',
        response: responses({ 200: refTo(TrafficTestSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => targets.test(request.params),
  );

  app.post(
    `${TARGET}/reset`,
    {
      config: write,
      schema: {
        ...describe('resetTrafficTarget', 'Give the baseline everyone', TrafficTargetParams),
        description:
          'Before the next release, when the place of the baseline runs what the place of the candidate does. Like any way ' +
          'back it waits for no approval; refused while a release steers the target.',
        response: responses({ 200: refTo(TrafficTestSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => targets.reset(callerOf(request), request.params),
  );
}
