import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { ScheduleInput, ScheduleParams, ScheduleQuery, ScheduleRunSchema, ScheduleSchema } from './schemas.ts';
import type { Schedules } from './service.ts';

const tags = ['schedules'];
const SCHEDULES = '/projects/:project/schedules';
const SCHEDULE = `${SCHEDULES}/:schedule`;
/** In the environments that it changes: the service looks. */
const write = { access: 'targeting:write', anywhere: true } as const;
const read = { access: 'flag:read' } as const;

export function scheduleRoutes(app: App, schedules: Schedules): void {
  const ofProject = Type.Object({ project: Key }, { additionalProperties: false });

  app.get(
    SCHEDULES,
    {
      config: read,
      schema: {
        operationId: 'listSchedules',
        tags,
        summary: 'List schedules, newest first',
        params: ofProject,
        querystring: ScheduleQuery,
        response: responses({ 200: PageOf(refTo(ScheduleSchema)) }, 401, 403, 404),
      },
    },
    (request) => schedules.list(request.params.project, request.query),
  );

  app.post(
    SCHEDULES,
    {
      config: write,
      schema: {
        operationId: 'createSchedule',
        tags,
        summary: 'Have changes made at a time, a change request applied at a time, or changes made every week',
        description:
          'Takes the permissions that making the changes now would take. Where approval is required, schedule a change request.',
        params: ofProject,
        body: refTo(ScheduleInput),
        response: responses({ 201: refTo(ScheduleSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await schedules.create(callerOf(request), request.params.project, request.body)),
  );

  app.get(
    SCHEDULE,
    {
      config: read,
      schema: {
        operationId: 'getSchedule',
        tags,
        summary: 'Get a schedule',
        params: ScheduleParams,
        response: responses({ 200: refTo(ScheduleSchema) }, 401, 403, 404),
      },
    },
    (request) => schedules.get(request.params),
  );

  app.get(
    `${SCHEDULE}/runs`,
    {
      config: read,
      schema: {
        operationId: 'listScheduleRuns',
        tags,
        summary: 'List what became of the times at which a schedule was due, newest first',
        params: ScheduleParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(ScheduleRunSchema)) }, 401, 403, 404),
      },
    },
    (request) => schedules.listRuns(request.params, request.query),
  );

  for (const [action, summary] of [
    ['pause', 'Do nothing until it is resumed'],
    ['resume', 'Go on; what was due meanwhile is late'],
    ['cancel', 'End a schedule'],
  ] as const) {
    app.post(
      `${SCHEDULE}/${action}`,
      {
        config: write,
        schema: {
          operationId: `${action}Schedule`,
          tags,
          summary,
          params: ScheduleParams,
          response: responses({ 200: refTo(ScheduleSchema) }, 401, 403, 404, 409),
        },
      },
      (request) => schedules[action](callerOf(request), request.params),
    );
  }
}
