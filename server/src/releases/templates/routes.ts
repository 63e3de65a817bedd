import { Type } from '@sinclair/typebox';
import { callerOf } from '../../access/guard.ts';
import type { App } from '../../http/app-types.ts';
import { Key } from '../../http/key-schema.ts';
import { refTo } from '../../http/ref.ts';
import { responses } from '../../http/responses.ts';
import { ReleaseTemplateInput, ReleaseTemplateParams, ReleaseTemplateSchema } from './schemas.ts';
import type { ReleaseTemplates } from './service.ts';

const tags = ['releases'];
const TEMPLATES = '/projects/:project/release-templates';
const TEMPLATE = `${TEMPLATES}/:template`;

export function releaseTemplateRoutes(app: App, templates: ReleaseTemplates): void {
  app.get(
    TEMPLATES,
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'listReleaseTemplates',
        tags,
        summary: 'List ways to release: those of the server, then the project’s own',
        params: Type.Object({ project: Key }, { additionalProperties: false }),
        response: responses(
          { 200: Type.Object({ items: Type.Array(refTo(ReleaseTemplateSchema)) }, { additionalProperties: false }) },
          401,
          403,
          404,
        ),
      },
    },
    (request) => templates.list(request.params.project),
  );

  app.put(
    TEMPLATE,
    {
      config: { access: 'release:write' },
      schema: {
        operationId: 'putReleaseTemplate',
        tags,
        summary: 'Keep a way to release as one of the project’s own, or replace it',
        description: 'Releases that were made of it before stay as they are.',
        params: ReleaseTemplateParams,
        body: refTo(ReleaseTemplateInput),
        response: responses({ 200: refTo(ReleaseTemplateSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => {
      const { project, template } = request.params;
      return templates.put(callerOf(request), project, template, request.body);
    },
  );

  app.delete(
    TEMPLATE,
    {
      config: { access: 'release:write' },
      schema: {
        operationId: 'deleteReleaseTemplate',
        tags,
        summary: 'Delete a template of the project’s own',
        params: ReleaseTemplateParams,
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      const { project, template } = request.params;
      await templates.delete(callerOf(request), project, template);
      return reply.code(204).send(null);
    },
  );
}
