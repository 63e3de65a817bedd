import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { AuditEventSchema, AuditQuery } from './schemas.ts';
import type { Audit } from './service.ts';

export function auditRoutes(app: App, audit: Audit): void {
  app.get(
    '/audit',
    {
      config: { access: 'audit:read', anywhere: true },
      schema: {
        operationId: 'listAuditEvents',
        tags: ['audit'],
        summary: 'List changes, newest first',
        querystring: AuditQuery,
        response: responses({ 200: PageOf(refTo(AuditEventSchema)) }, 401, 403),
      },
    },
    (request) => audit.list(request.query),
  );
}
