import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { AuditEventParams, AuditEventSchema, AuditQuery } from './schemas.ts';
import type { Audit } from './service.ts';

const tags = ['audit'];
/** Of each place one sees what one may. */
const config = { access: 'audit:read', anywhere: true } as const;

export function auditRoutes(app: App, audit: Audit): void {
  app.get(
    '/audit',
    {
      config,
      schema: {
        operationId: 'listAuditEvents',
        tags,
        summary: 'List changes, newest first',
        description: 'Without `project`: of all projects whose changes the caller may read.',
        querystring: AuditQuery,
        response: responses({ 200: PageOf(refTo(AuditEventSchema)) }, 401, 403, 404),
      },
    },
    (request) => audit.list(callerOf(request), request.query),
  );

  app.get(
    '/audit/:event',
    {
      config,
      schema: {
        operationId: 'getAuditEvent',
        tags,
        summary: 'Get one change',
        params: AuditEventParams,
        response: responses({ 200: refTo(AuditEventSchema) }, 401, 403, 404),
      },
    },
    (request) => audit.get(callerOf(request), request.params.event),
  );
}
