import { type TSchema, Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import type { PlanEditor } from './editor.ts';
import {
  MigrationCommand,
  MigrationPlanInput,
  MigrationPlanPatch,
  MigrationPlanSchema,
  MigrationPreview,
  MigrationRunSchema,
  PlanParams,
  PreviewQuery,
} from './schemas.ts';
import type { MigrationPlans } from './service.ts';
import type { PlanViews } from './views.ts';

const PLANS = '/projects/:project/environments/:environment/migration-plans';
const PLAN = `${PLANS}/:plan`;
const read = { access: 'release:read' } as const;
const write = { access: 'release:write' } as const;
const Pages = Type.Object(PageQuery, { additionalProperties: false });

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  ...{ operationId, tags: ['releases'], summary, params },
});

export function migrationPlanRoutes(app: App, views: PlanViews, editor: PlanEditor, plans: MigrationPlans): void {
  app.get(
    PLANS,
    {
      config: read,
      schema: {
        ...describe('listMigrationPlans', 'List the database migrations of an environment, by key', EnvironmentParams),
        querystring: Pages,
        response: responses({ 200: PageOf(refTo(MigrationPlanSchema)) }, 401, 403, 404),
      },
    },
    (request) => views.list(request.params, request.query),
  );

  app.post(
    PLANS,
    {
      config: write,
      schema: {
        ...describe('createMigrationPlan', 'Plan a database migration: nothing is begun', EnvironmentParams),
        description: 'Connection URLs are kept sealed; what is shown of them is host, database and role.',
        body: refTo(MigrationPlanInput),
        response: responses({ 201: refTo(MigrationPlanSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await editor.create(callerOf(request), request.params, request.body)),
  );

  app.get(
    PLAN,
    {
      config: read,
      schema: {
        ...describe('getMigrationPlan', 'Get a migration plan, where it is, and why it does not go on', PlanParams),
        response: responses({ 200: refTo(MigrationPlanSchema) }, 401, 403, 404),
      },
    },
    (request) => views.get(request.params),
  );

  app.patch(
    PLAN,
    {
      config: write,
      schema: {
        ...describe('updateMigrationPlan', 'Change a migration plan that rests, is paused or has failed', PlanParams),
        description:
          'What is done of a phase stays done where it stays the same; from what differs on it is done anew.',
        headers: IfMatchHeader,
        body: refTo(MigrationPlanPatch),
        response: responses({ 200: refTo(MigrationPlanSchema) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      return editor.update(callerOf(request), request.params, request.body, ifVersion);
    },
  );

  app.delete(
    PLAN,
    {
      config: write,
      schema: {
        ...describe(
          'deleteMigrationPlan',
          'Delete a migration plan that rests; the database stays as it is',
          PlanParams,
        ),
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await editor.delete(callerOf(request), request.params);
      return reply.code(204).send(null);
    },
  );

  app.get(
    `${PLAN}/preview`,
    {
      config: read,
      schema: {
        ...describe('previewMigrationPlan', 'Say what going to a phase would run, and whether it may', PlanParams),
        querystring: PreviewQuery,
        response: responses({ 200: refTo(MigrationPreview) }, 401, 403, 404),
      },
    },
    (request) => views.preview(request.params, request.query.to),
  );

  app.get(
    `${PLAN}/runs`,
    {
      config: read,
      schema: {
        ...describe('listMigrationRuns', 'List what was done of a migration plan, newest first', PlanParams),
        querystring: Pages,
        response: responses({ 200: PageOf(refTo(MigrationRunSchema)) }, 401, 403, 404),
      },
    },
    (request) => views.listRuns(request.params, request.query),
  );

  app.post(
    `${PLAN}/commands`,
    {
      config: write,
      schema: {
        ...describe(
          'commandMigrationPlan',
          'Send a migration to a phase, forward or back; pause, resume, retry',
          PlanParams,
        ),
        description:
          'It goes phase by phase. The last two phases are asked for one by one, when the one before is reached.',
        body: refTo(MigrationCommand),
        response: responses({ 200: refTo(MigrationPlanSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => plans.command(callerOf(request), request.params, request.body),
  );
}
