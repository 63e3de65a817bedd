import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Checkpointer } from './checkpointer.ts';
import {
  AuditEventParams,
  AuditEventSchema,
  AuditExportQuery,
  AuditQuery,
  AuditTableQuery,
  CheckpointQuery,
  CheckpointSchema,
  VerificationSchema,
} from './schemas.ts';
import type { Audit } from './service.ts';

const tags = ['audit'];
/** Of each place one sees what one may. */
const config = { access: 'audit:read', anywhere: true } as const;

export function auditRoutes(app: App, audit: Audit, checkpointer: Checkpointer): void {
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
    '/audit/verification',
    {
      config,
      schema: {
        operationId: 'verifyAudit',
        tags,
        summary: 'Recompute the chains of audit events, and say what that proves',
        description: 'Of the chains that one may see. Reads every event: takes seconds for 100 000.',
        response: responses({ 200: refTo(VerificationSchema) }, 401, 403),
      },
    },
    (request) => audit.verify(callerOf(request)),
  );

  app.get(
    '/audit/export',
    {
      config,
      schema: {
        operationId: 'exportAudit',
        tags,
        summary: 'Export whole chains with their checkpoints, to be verified elsewhere',
        description:
          'A line of JSON each. tools/verify-audit-export.mjs of @bunting/server verifies it without the server.',
        querystring: AuditExportQuery,
        response: { ...responses({}, 401, 403, 404), 200: textOf('application/x-ndjson') },
      },
    },
    async (request, reply) => {
      const lines = await audit.exportChains(callerOf(request), request.query.project);
      reply.header('content-disposition', 'attachment; filename="bunting-audit.ndjson"');
      return reply.type('application/x-ndjson').send(lines as never);
    },
  );

  app.get(
    '/audit/table',
    {
      config,
      schema: {
        operationId: 'exportAuditTable',
        tags,
        summary: 'Export events as CSV, newest first',
        querystring: AuditTableQuery,
        response: { ...responses({}, 401, 403, 404), 200: textOf('text/csv') },
      },
    },
    async (request, reply) => {
      const lines = await audit.exportTable(callerOf(request), request.query);
      reply.header('content-disposition', 'attachment; filename="bunting-audit.csv"');
      return reply.type('text/csv; charset=utf-8').send(lines as never);
    },
  );

  app.get(
    '/audit/checkpoints',
    {
      config: { access: 'audit:read' },
      schema: {
        operationId: 'listAuditCheckpoints',
        tags,
        summary: 'List the signed checkpoints of the audit chains',
        querystring: CheckpointQuery,
        response: responses({ 200: PageOf(refTo(CheckpointSchema)) }, 401, 403),
      },
    },
    (request) => audit.listCheckpoints(request.query),
  );

  app.post(
    '/audit/checkpoints',
    {
      config: { access: 'installation:write' },
      schema: {
        operationId: 'makeAuditCheckpoint',
        tags,
        summary: 'Sign where the audit chains end now, when anything was added, and send it where checkpoints go',
        response: responses({ 200: refTo(CheckpointSchema) }, 401, 403, 409),
      },
    },
    () => checkpointer.make(),
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

function textOf(type: string) {
  return { description: 'The file', content: { [type]: { schema: Type.String() } } };
}
